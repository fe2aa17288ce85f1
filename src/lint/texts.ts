// The validator's sentences. What belongs to single elements comes from the table and the specification's words (protocol/reference).
import { type ErrorCode, errorDescriptions } from '../protocol/tables/errors.ts'
import type { EnvelopeFault, InputFault, Language } from './types.ts'

export type Texts = Readonly<Record<Language, string>>

/** `{name}` is the element's name in the specification. */
export const problemTexts = {
  absent: { en: '{name} is missing.', ja: '{name} がありません。' },
  emptyRequired: {
    en: '{name} is required and empty: null, "", [] and {} count as missing.',
    ja: '{name} は必須ですが空です。null、""、[]、{} は「無い」とみなされます。',
  },
  empty: {
    en: '{name} is there but empty. Leave it out, or give it a value.',
    ja: '{name} が空のまま入っています。要素ごと省くか、値を入れてください。',
  },
  type: {
    en: '{name} has the wrong JSON type: {received}.',
    ja: '{name} の JSON の型が違います（{received}）。',
  },
  short: { en: '{name} is too short: {received}.', ja: '{name} が短すぎます（{received}）。' },
  long: { en: '{name} is too long: {received}.', ja: '{name} が長すぎます（{received}）。' },
  few: { en: '{name} has too few entries: {received}.', ja: '{name} の要素数が足りません（{received}）。' },
  many: { en: '{name} has too many entries: {received}.', ja: '{name} の要素数が多すぎます（{received}）。' },
  entries: {
    en: '{name} may hold objects only, and one of its entries is none.',
    ja: '{name} の各要素はオブジェクトでなければなりませんが、そうでないものがあります。',
  },
  format: { en: '{name} does not have the right form.', ja: '{name} の形式が正しくありません。' },
  code: {
    en: '{name} has a value that {version} does not know.',
    ja: '{name} の値は {version} では定義されていません。',
  },
  reserved: {
    en: '{name} has a value that is reserved and must not be used.',
    ja: '{name} の値は予約済みで、使えません。',
  },
  dsCode: {
    en: '{name} has a value that a directory server may define; without an agreement nobody understands it.',
    ja: '{name} の値はディレクトリサーバーが独自に定義できる範囲です。取り決めがなければ通じません。',
  },
  value: { en: '{name} has a value that is not allowed.', ja: '{name} の値は使えません。' },
  twice: {
    en: '{name} occurs twice in the same object. Plain JSON parsers keep the last one and say nothing.',
    ja: '{name} が同じオブジェクトに 2 回出てきます。普通の JSON パーサーは最後の値だけを残し、何も知らせません。',
  },
  twiceEntry: {
    en: '{name} holds the same entry twice.',
    ja: '{name} に同じ要素が 2 回入っています。',
  },
  extension: {
    en: 'The message extension {element} is critical, and a receiver that does not know it must refuse the message.',
    ja: 'メッセージ拡張 {element} は critical です。知らない受信側はメッセージを拒否しなければなりません。',
  },
  iso: { en: '{name} is not in the list of ISO codes.', ja: '{name} は ISO コードの一覧にありません。' },
  other: { en: '{name}: {description}', ja: '{name}：{description}' },
} as const satisfies Readonly<Record<string, Texts>>

/** Sentences of single rules, where code and element do not say enough. */
export const ruleTexts: Readonly<Record<string, Texts>> = {
  'ACS-VAL-4': {
    en: 'This is not a JSON object in UTF-8 that a 3DS component could read.',
    ja: '3DS のコンポーネントが読める UTF-8 の JSON オブジェクトではありません。',
  },
  'ACS-VAL-5': {
    en: 'messageType is missing or unknown, so nobody can tell what this message is.',
    ja: 'messageType がないか、未知の値です。何のメッセージか判断できません。',
  },
  'ACS-VAL-6': {
    en: 'The receiver does not expect a message of this type here.',
    ja: '受信側は、ここでこの種類のメッセージを受け付けません。',
  },
  'ACS-VAL-9': {
    en: 'This message version is not one of the active ones.',
    ja: 'このメッセージバージョンは有効になっていません。',
  },
  'ACS-VAL-10': {
    en: 'messageVersion differs from that of the transaction. It never changes after the AReq.',
    ja: 'messageVersion が取引のバージョンと違います。AReq の後に変わることはありません。',
  },
  'FLOW-GEN-6': {
    en: '{name} differs from the message before: it never changes within a transaction.',
    ja: '{name} が前のメッセージと違います。1 つの取引の中では変わりません。',
  },
  'RES-AR-2': {
    en: '{name} differs from the AReq. The ARes repeats it exactly as it was received.',
    ja: '{name} が AReq と違います。ARes は受け取った値をそのまま返します。',
  },
  'ACS-VAL-47': {
    en: 'Instalments are two or more: 0 and 1 are not valid.',
    ja: '分割回数は 2 以上です。0 と 1 は使えません。',
  },
  'ACS-VAL-51': {
    en: '{name} is five digits, 00001 to 10080 minutes, with zeros in front.',
    ja: '{name} は 5 桁の数字（00001〜10080 分、先頭はゼロ埋め）です。',
  },
  'ACS-VAL-54': {
    en: '{name} is no public P-256 key: kty EC, crv P-256, a point x, y on the curve, and no private member.',
    ja: '{name} が P-256 の公開鍵ではありません。kty は EC、crv は P-256、x と y は曲線上の点、秘密鍵のメンバーはなし、です。',
  },
  'ACS-VAL-56': {
    en: '{name} is not the base64url of a JSON object.',
    ja: '{name} が JSON オブジェクトの base64url ではありません。',
  },
  'ACS-VAL-67': {
    en: 'Currency and exponent do not belong together: the exponent is the minor unit of ISO 4217.',
    ja: '通貨と小数桁数が合いません。小数桁数は ISO 4217 の補助単位の桁数です。',
  },
  'AREQ:recurringFrequency': {
    en: '{name} is a number of days from 1 on.',
    ja: '{name} は 1 以上の日数です。',
  },
  'AREQ:payTokenInd': {
    en: '{name} is true or is left out; false is not valid.',
    ja: '{name} は true か、省略です。false は使えません。',
  },
  'ACS-VAL-82': {
    en: 'messageExtension holds too many extensions, or is no array.',
    ja: 'messageExtension の拡張が多すぎるか、配列ではありません。',
  },
  'ACS-VAL-83': {
    en: 'messageExtension is longer than 81,920 characters of JSON.',
    ja: 'messageExtension の JSON が 81,920 文字を超えています。',
  },
  'ACS-VAL-88': {
    en: 'Two identical extensions stand in messageExtension.',
    ja: 'messageExtension に全く同じ拡張が 2 つあります。',
  },
  'ACS-VAL-91': {
    en: 'The form field is not base64url of UTF-8 text: nobody can read the message in it.',
    ja: 'フォームの値が UTF-8 テキストの base64url ではありません。中のメッセージを読めません。',
  },
  'ACS-VAL-95': { en: '{name} is not the one of the ARes.', ja: '{name} が ARes の値と違います。' },
  'ACS-VAL-96': {
    en: 'messageVersion of the CReq is not the one of the ARes.',
    ja: 'CReq の messageVersion が ARes と違います。',
  },
  'ACS-VAL-98': {
    en: 'A CReq follows an ARes with transStatus C only.',
    ja: 'CReq は transStatus が C の ARes の後にだけ送られます。',
  },
  'ACS-VAL-111': { en: '{name} is not the one of the ARes.', ja: '{name} が ARes の値と違います。' },
  'ACS-VAL-115': {
    en: 'A later CReq gives exactly one answer: entry, no entry, cancel, or resend. {element} does not fit.',
    ja: '2 回目以降の CReq の回答は 1 つだけです（入力、未入力、キャンセル、再送のいずれか）。{element} が合いません。',
  },
  'ACS-VAL-121': {
    en: '{name} tells that the cardholder comes back from the other channel: true before 2.3.1, 01 or 02 from then on.',
    ja: '{name} は別チャネルからの復帰を示します。2.3.1 より前は true、2.3.1 では 01 か 02 です。',
  },
  'ACS-VAL-129': {
    en: '{name} is true or is left out.',
    ja: '{name} は true か、省略です。',
  },
  'ACS-VAL-136': { en: '{name} is not the one of the RReq.', ja: '{name} が RReq の値と違います。' },
  'ACS-VAL-137': { en: '{name} is not the one of the RReq.', ja: '{name} が RReq の値と違います。' },
  'ACS-VAL-139': {
    en: 'messageVersion of the RRes is not the one of the RReq.',
    ja: 'RRes の messageVersion が RReq と違います。',
  },
  'ACS-VAL-168': {
    en: 'A limited split SDK cannot be asked for this method (01 static passcode, 06 knowledge questions).',
    ja: '制限付きの Split SDK には、この認証方式（01 固定パスコード、06 知識質問）は使えません。',
  },
  'CHL-CTR-7': {
    en: 'transStatus of the final CRes contradicts the RReq: Y with Y, D with D, and N with everything else.',
    ja: '最後の CRes の transStatus が RReq と矛盾します。Y には Y、D には D、それ以外は N です。',
  },
  'CHL-TMR-4': {
    en: 'Reason 14 (timed out at the ACS) goes with challengeCancel 04 or 05 only.',
    ja: '理由 14（ACS でのタイムアウト）は challengeCancel が 04 か 05 のときだけ使います。',
  },
  'FLOW-GEN-4': {
    en: 'JSON that travels through a browser is base64url without padding.',
    ja: 'ブラウザーを通る JSON は、パディングなしの base64url です。',
  },
  'FLOW-GEN-5': {
    en: 'threeDSSessionData beside the cres is not what came with the creq: the ACS returns the identical characters.',
    ja: 'cres と一緒の threeDSSessionData が creq のものと違います。ACS は受け取った文字列をそのまま返します。',
  },
  'FLOW-S-2': {
    en: 'No RRes answers this RReq. Perhaps the recording does not show it.',
    ja: 'この RReq に対する RRes がありません。記録に含まれていないだけかもしれません。',
  },
  'RES-RR-1': {
    en: 'After an ARes with C or D exactly one RReq follows, whatever the outcome, and there is none. Perhaps the recording does not show it: a browser never sees it.',
    ja: 'transStatus が C か D の ARes の後には、結果によらず RReq が 1 回送られますが、ありません。ブラウザーからは見えないため、記録に含まれていないだけかもしれません。',
  },
  'RES-RR-8': {
    en: 'The final CRes stands before the RReq. First the RReq, then its RRes, then the final CRes.',
    ja: '最後の CRes が RReq より前にあります。RReq、RRes、最後の CRes の順です。',
  },
  'RES-TS-1': {
    en: 'transStatus C is not possible: not for 3RI (deviceChannel 03), and not under challenge indicator 06 (data share only).',
    ja: 'transStatus C は使えません。3RI（deviceChannel 03）でも、チャレンジ指標 06（データ共有のみ）でも不可です。',
  },
  'RES-TS-2': {
    en: 'transStatus D was not asked for: threeDSRequestorDecReqInd is not Y (from 2.3.1 on also B).',
    ja: 'transStatus D は要求されていません。threeDSRequestorDecReqInd が Y（2.3.1 以降は B も可）ではありません。',
  },
  'RES-TS-3': {
    en: 'transStatus I answers challenge indicators 05, 06 and 07 only, unless the directory server says otherwise.',
    ja: 'transStatus I はチャレンジ指標 05、06、07 への応答にだけ使います（ディレクトリサーバーの規定がある場合を除く）。',
  },
  'RES-TS-4': {
    en: 'transStatus S needs a browser AReq with threeDSRequestorSpcSupport Y.',
    ja: 'transStatus S には、threeDSRequestorSpcSupport が Y のブラウザー AReq が必要です。',
  },
  'RES-TS-5': {
    en: 'transStatus D ends a challenge only when threeDSRequestorDecReqInd is F or B, and in the CRes only after an RReq with D.',
    ja: 'チャレンジ後の transStatus D は、threeDSRequestorDecReqInd が F か B のときだけです。CRes では、RReq が D の場合に限ります。',
  },
  'RES-CI-2': {
    en: 'Challenge indicator 06 (data share only) allows neither C nor D.',
    ja: 'チャレンジ指標 06（データ共有のみ）では、C も D も使えません。',
  },
  'RES-DEC-2': {
    en: '{name} does not fit transStatus D: acsDecConInd is Y, authenticationType 04 (2.2.0) or authenticationMethod with 12 (2.3.1).',
    ja: '{name} が transStatus D と合いません。acsDecConInd は Y、authenticationType は 04（2.2.0）、authenticationMethod は 12 を含む（2.3.1）必要があります。',
  },
  'RES-DEC-3': {
    en: 'acsDecConInd Y goes with transStatus D only.',
    ja: 'acsDecConInd の Y は transStatus D のときだけです。',
  },
  'RES-CM-1': {
    en: 'acsChallengeMandated stands with transStatus C and D only.',
    ja: 'acsChallengeMandated は transStatus C と D のときだけ入ります。',
  },
  'RES-AV-1': {
    en: 'The authentication value was in the ARes already; it is never in both.',
    ja: '認証値はすでに ARes に入っています。ARes と RReq の両方に入ることはありません。',
  },
  'RES-AV-2': {
    en: 'There is an authentication value although this result proves nothing: only Y and A have one, and never after a cancelled challenge.',
    ja: '認証値が入っていますが、この結果では証明になりません。認証値は Y と A だけで、キャンセルされたチャレンジにはありません。',
  },
  'RES-TR-1': {
    en: 'transStatusReason does not fit: with D in an RReq it is 29 or 30.',
    ja: 'transStatusReason が合いません。RReq の D では 29 か 30 です。',
  },
  'TOL-6': {
    en: '{name} is written as some widespread SDKs do. The lenient profile takes it; others answer 203.',
    ja: '{name} は一部の SDK に見られる書き方です。lenient では受け付けますが、203 を返す受信側もあります。',
  },
  'TOL-7': {
    en: '{name} has members beyond those of the key. The lenient profile takes them; others answer 203.',
    ja: '{name} に鍵以外のメンバーがあります。lenient では受け付けますが、203 を返す受信側もあります。',
  },
  'TOL-1': {
    en: '{name} is an empty object. The lenient profile takes it as absent; others answer 203.',
    ja: '{name} が空のオブジェクトです。lenient では「無い」ものとして扱いますが、203 を返す受信側もあります。',
  },
  'TOL-2': {
    en: '{name} is not assigned in ISO 3166. The lenient profile takes it; others answer 304.',
    ja: '{name} は ISO 3166 に登録されていません。lenient では受け付けますが、304 を返す受信側もあります。',
  },
  'TOL-4': {
    en: '{name} has a value from the range of the directory server. The lenient profile takes it; others answer 203 or 207.',
    ja: '{name} はディレクトリサーバー用の範囲の値です。lenient では受け付けますが、203 か 207 を返す受信側もあります。',
  },
}

/** What each error code says (Table A.4); in English it is the errorDescription of the Erro. */
const descriptionsInJapanese: Readonly<Record<ErrorCode, string>> = {
  '101': '受信側にとって有効なメッセージではありません。',
  '102': 'このメッセージバージョンには対応していません。',
  '103': '送信できるメッセージ数を超えています。',
  '201': '必須のデータ要素がありません。',
  '202': 'critical なメッセージ拡張を認識できません。',
  '203': 'データ要素の形式または値が正しくありません。',
  '204': 'データ要素が重複しています。',
  '205': 'カード範囲が重なっています。',
  '206': 'カード範囲の操作指示が合いません。',
  '207': 'データ要素の値が予約済みです。',
  '301': '取引 ID を認識できません。',
  '302': 'データを復号できません。',
  '303': 'アクセスが拒否されたか、エンドポイントが違います。',
  '304': 'ISO コードが正しくありません。',
  '305': '取引データが正しくありません。',
  '306': '決済システムで有効な MCC ではありません。',
  '307': 'シリアル番号が正しくありません。',
  '308': 'SDK サーバーの署名付きコンテンツが正しくありません。',
  '309': 'コンテンツセキュリティポリシーによりチャレンジできません。',
  '310': 'このアルゴリズムには対応していません。',
  '311': '鍵 ID がないか、認識できません。',
  '312': 'この取引 ID のメッセージはすでに受信しています。',
  '313': 'この取引に結果通知は不要です。',
  '314': 'チャレンジ要求はすでに受信しています。',
  '315': 'チャレンジ要求が結果通知の後に届きました。',
  '402': '取引がタイムアウトしました。',
  '403': '送信側のシステムで一時的な障害が起きました。再試行で解決する場合があります。',
  '404': '送信側のシステムで障害が起きました。再試行しても解決しません。',
  '405': '接続できませんでした。',
}
export const descriptionOf = (code: ErrorCode, lang: Language): string =>
  lang === 'ja' ? descriptionsInJapanese[code] : errorDescriptions[code]

/** FLOW-DS-6 covers several cases, one a code. */
export const rreqTexts: Readonly<Record<string, Texts>> = {
  '301': {
    en: '{name} does not belong to the transaction of the ARes, or the RReq came a second time.',
    ja: '{name} が ARes の取引と一致しないか、RReq が 2 回目です。',
  },
  '305': {
    en: 'An RReq follows an ARes with C or D only.',
    ja: 'RReq は transStatus が C か D の ARes の後にだけ送られます。',
  },
  '312': { en: 'This is a second RReq for the same transaction.', ja: '同じ取引に対する 2 回目の RReq です。' },
  '313': {
    en: 'An RReq follows an ARes with C, D or S only.',
    ja: 'RReq は transStatus が C、D、S の ARes の後にだけ送られます。',
  },
}

export const envelopeTexts: Readonly<Record<EnvelopeFault, Texts>> = {
  notBase64url: ruleTexts['ACS-VAL-91'] ?? { en: '', ja: '' },
  padding: {
    en: 'The form field is padded with "=". Receivers take it, but senders leave the padding out.',
    ja: 'フォームの値が「=」でパディングされています。受信側は受け付けますが、送信側は付けません。',
  },
  alphabet: {
    en: 'The form field uses "+" or "/" of plain base64. base64url has "-" and "_"; not every receiver takes the other.',
    ja: 'フォームの値に通常の base64 の「+」「/」が使われています。base64url では「-」「_」です。受け付けない受信側もあります。',
  },
  sessionTooLong: {
    en: 'threeDSSessionData is longer than 1,024 bytes. Not every ACS gives it back.',
    ja: 'threeDSSessionData が 1,024 バイトを超えています。返さない ACS もあります。',
  },
}

export const faultTexts: Readonly<Record<InputFault, Texts>> = {
  empty: { en: 'There is nothing to check.', ja: '検査するものがありません。' },
  end: { en: 'The JSON ends too early.', ja: 'JSON が途中で終わっています。' },
  value: { en: 'A JSON value is expected here.', ja: 'ここには JSON の値が必要です。' },
  name: { en: 'A member name in double quotes is expected here.', ja: 'ここには二重引用符で囲んだ名前が必要です。' },
  colon: { en: 'A colon is expected here, between name and value.', ja: '名前と値の間にコロンが必要です。' },
  comma: { en: 'A comma or the closing bracket is expected here.', ja: 'ここにはコンマか閉じ括弧が必要です。' },
  trailingComma: { en: 'JSON has no comma after the last member.', ja: '最後の要素の後にコンマは付けられません。' },
  quote: { en: 'JSON has double quotes only.', ja: 'JSON では二重引用符だけが使えます。' },
  literal: {
    en: 'This word is no JSON value: only true, false and null are.',
    ja: 'この語は JSON の値ではありません。使えるのは true、false、null だけです。',
  },
  number: { en: 'This is not how JSON writes a number.', ja: 'JSON の数値の書き方ではありません。' },
  control: {
    en: 'A line break or control character stands inside of a text; it has to be written as \\n or \\u….',
    ja: '文字列の中に改行か制御文字がそのまま入っています。\\n や \\u… と書く必要があります。',
  },
  escape: { en: 'This escape does not exist in JSON.', ja: 'JSON にこのエスケープはありません。' },
  more: { en: 'Something stands behind the end of the JSON.', ja: 'JSON の終わりの後に余分なものがあります。' },
  noMessage: {
    en: 'This is JSON, but no 3DS message is in it: a message has messageType, messageVersion and ids.',
    ja: 'JSON ですが、3DS メッセージが見つかりません。メッセージには messageType、messageVersion、各種 ID があります。',
  },
  unknown: {
    en: 'This is neither JSON nor a creq, a cres, a form, an HTTP request or a HAR.',
    ja: 'JSON でも、creq・cres・フォーム・HTTP リクエスト・HAR でもありません。',
  },
  encrypted: {
    en: 'This is encrypted (JWE), as CReq and CRes of the app channel are. Only the two ends can read it: paste what one of them decrypted.',
    ja: '暗号化されています（JWE）。アプリチャネルの CReq と CRes は両端でしか読めません。復号したものを貼り付けてください。',
  },
  signed: {
    en: 'This is signed content (JWS), not a message: paste the whole message that it came in.',
    ja: '署名付きコンテンツ（JWS）で、メッセージではありません。これを含むメッセージ全体を貼り付けてください。',
  },
  notUtf8: { en: 'This is not UTF-8 text.', ja: 'UTF-8 のテキストではありません。' },
  notBase64url: {
    en: 'This looks like base64url, but no JSON message is in it. Perhaps its end is cut off.',
    ja: 'base64url のようですが、JSON のメッセージが入っていません。末尾が切れているかもしれません。',
  },
  tooLarge: { en: 'This is too large to be checked.', ja: '大きすぎて検査できません。' },
}

export const noteTexts = {
  cut: {
    en: 'Only the first {count} of {of} messages were checked.',
    ja: '検査したのは {of} 件中、最初の {count} 件です。',
  },
  omitted: {
    en: '{count} more findings are not listed.',
    ja: 'ほか {count} 件は表示していません。',
  },
  encrypted: {
    en: '{count} encrypted bodies (JWE, app channel) were passed over: only their two ends can read them.',
    ja: '暗号化されたボディ {count} 件（JWE、アプリチャネル）は検査していません。両端でしか読めません。',
  },
  masked: {
    en: 'Masked values were not judged: {elements}.',
    ja: 'マスクされた値は検査していません：{elements}。',
  },
} as const satisfies Readonly<Record<string, Texts>>

export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)
