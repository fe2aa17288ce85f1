#!/bin/sh
# Everything by hand, with curl alone: plan what happens, pay, take the code, answer the challenge, read back what happened.
set -eu
acs=${SEKISHO_URL:-http://localhost:9440}
shop=${SEKISHO_SHOP_URL:-http://127.0.0.1:9441}
api="$acs/t/by-hand/api/v1" # a tenant of its own, made when it is used first
here=$(dirname "$0")
json='content-type: application/json'
# member <path>: of the JSON that comes in
member() { node -p "JSON.parse(require('fs').readFileSync(0)).$1"; }

# The next AReq of this merchant is challenged, and its RReq is sent twice.
curl -sf "$api/stubs" -H "$json" \
  -d '{"match":{"merchant":"My Shop"},"then":{"transStatus":"C","rreq":{"copies":2}}}' > /dev/null

answer=$(curl -sf "$shop/t/by-hand/3ds-server/authenticate" -H "$json" \
  -d "$(node "$here/message.mjs" "$here/authenticate.json" threeDSServerTransID= areq.acctNumber=4000000000005100)")
acsTransID=$(echo "$answer" | member acsTransID)
echo "ARes: $(echo "$answer" | member transStatus)"

# The browser posts the CReq; the code is in the inbox.
curl -sf "$(echo "$answer" | member acsURL)" -d creq="$(echo "$answer" | member creq)" > /dev/null
code=$(curl -sf "$api/inbox/latest?acsTransID=$acsTransID&wait=5s" | member code)
curl -sf "$api/transactions/$acsTransID/challenge" -H "$json" -d "{\"action\":\"verify\",\"otp\":\"$code\"}" > /dev/null

# Exactly two RReqs with transStatus Y, within five seconds; otherwise curl fails, and says what was found.
curl -s --fail-with-body "$api/verify?fail=true" -H "$json" -d "{
  \"match\": { \"messageType\": \"RReq\", \"link\": \"ACS→DS\", \"acsTransID\": \"$acsTransID\", \"where\": { \"transStatus\": \"Y\" } },
  \"count\": 2, \"within\": \"5s\" }" | member ok
