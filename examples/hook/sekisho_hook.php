<?php
// A client of the hook of Sekisho: tell an assessment, report what became of a payment, take webhooks.
// PHP 8.1 or later, no extensions but those that are always there. Environment: SEKISHO_HOOK_KEY (whsec_...), SEKISHO_HOOK_SOURCE, SEKISHO_URL.
declare(strict_types=1);

const TOLERANCE = 300; // seconds that clocks may differ
const LONGEST = 65536; // of a webhook, in bytes

function hookKey(): string
{
    $text = getenv('SEKISHO_HOOK_KEY') ?: '';
    $key = str_starts_with($text, 'whsec_') ? base64_decode(substr($text, 6), true) : false;
    if ($key === false || strlen($key) < 16) {
        throw new RuntimeException('SEKISHO_HOOK_KEY: whsec_ and base64 expected');
    }
    return $key;
}

/** Standard Webhooks: HMAC-SHA256 of id.timestamp.body, in base64. */
function hookSignature(string $id, string $timestamp, string $body): string
{
    return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", hookKey(), true));
}

/** Sends it signed. Returns the HTTP status (0: no answer) and the answer. */
function hookPost(string $path, array $message): array
{
    $source = getenv('SEKISHO_HOOK_SOURCE') ?: 'my-shop';
    $body = json_encode(['source' => $source] + $message, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    $id = 'msg_' . bin2hex(random_bytes(16));
    $timestamp = (string) time();
    $headers = [
        'content-type: application/json',
        "webhook-id: $id",
        "webhook-timestamp: $timestamp",
        'webhook-signature: ' . hookSignature($id, $timestamp, $body),
    ];
    $http = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'timeout' => 3, 'ignore_errors' => true, 'follow_location' => 0];
    $url = (getenv('SEKISHO_URL') ?: 'http://localhost:9440') . $path;
    $answer = @file_get_contents($url, false, stream_context_create(['http' => $http]));
    preg_match('/^HTTP\/\S+ (\d{3})/', $http_response_header[0] ?? '', $status);
    return [(int) ($status[1] ?? 0), $answer === false ? null : json_decode($answer, true)];
}

/** Before the AReq: what the shop thinks of the payment with this threeDSServerTransID. $more: score, reasons, signals. */
function hookAssess(string $transaction, string $verdict, array $more = []): array
{
    $told = ['verdict' => $verdict, 'issuedAt' => gmdate('Y-m-d\TH:i:s\Z'), 'about' => ['threeDSServerTransID' => $transaction]];
    return hookPost('/hook/assessments', $told + $more);
}

/** After it: fraud, chargeback (because), confirmedGood, review (verdict). The same id again changes nothing. */
function hookFeedback(string $id, string $kind, string $transaction, array $more = []): array
{
    return hookPost('/hook/feedback', ['id' => $id, 'kind' => $kind, 'about' => ['threeDSServerTransID' => $transaction]] + $more);
}

/** Whether a webhook is signed with our key, and of this time. Look at the body only afterwards, and at each webhook-id once. */
function hookIsGenuine(string $id, string $timestamp, string $signatures, string $body, int $now): bool
{
    if (!preg_match('/^[0-9]{1,12}$/D', $timestamp) || abs($now - (int) $timestamp) > TOLERANCE) {
        return false;
    }
    $due = hookSignature($id, $timestamp, $body);
    foreach (explode(' ', $signatures) as $one) {
        if (hash_equals($due, $one)) {
            return true;
        }
    }
    return false;
}

if (PHP_SAPI === 'cli' && realpath($argv[0] ?? '') === __FILE__) { // php sekisho_hook.php assess|feedback ...
    $words = array_slice($argv, 2);
    $done = match (($argv[1] ?? '') . ' ' . count($words)) {
        'assess 2' => hookAssess($words[0], $words[1]),
        'feedback 3' => hookFeedback($words[0], $words[1], $words[2]),
        default => exit("assess transaction verdict | feedback id kind transaction\n"),
    };
    echo $done[0], ' ', json_encode($done[1]), "\n";
} elseif (PHP_SAPI !== 'cli' && ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST') { // php -S 127.0.0.1:9459 sekisho_hook.php
    $body = file_get_contents('php://input', false, null, 0, LONGEST + 1);
    $header = static fn(string $name): string => (string) ($_SERVER["HTTP_WEBHOOK_$name"] ?? '');
    $isGood = strlen($body) <= LONGEST && hookIsGenuine($header('ID'), $header('TIMESTAMP'), $header('SIGNATURE'), $body, time());
    http_response_code($isGood ? 204 : 401);
    if ($isGood) {
        $told = json_decode($body, true);
        error_log("{$told['type']} {$told['data']['threeDSServerTransID']}");
    }
}
