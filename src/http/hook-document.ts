// What the hook takes and asks, as an OpenAPI document; JSON Schema of each door. Pure.
import { z } from 'zod'
import { feedbackSchema } from '../acs/hook/feedback.ts'
import { eventSchema } from '../acs/hook/journey.ts'
import { mailCheckSchema } from '../acs/hook/mail-check.ts'
import { assessmentExtension, longestToken } from '../protocol/crypto/assessment-extension.ts'
import { assessmentSchema, hookProblems, sourceName, verdicts } from '../risk/assessment.ts'
import { collectSchemas, type JsonSchema } from './admin/json-schema.ts'

const assessment = assessmentSchema.meta({
  id: 'Assessment',
  description: 'One merchant-side opinion about a purchase. `about` has to name its threeDSServerTransID.',
})

const feedback = feedbackSchema.meta({ id: 'Feedback', description: 'What a payment turned out to be.' })
const event = eventSchema.meta({ id: 'ShopperEvent', description: 'A log-in or an order at the shop.' })
const mailCheck = mailCheckSchema.meta({ id: 'MailCheck' })

const refusal = z
  .strictObject({
    error: z.string(),
    problem: z.enum(hookProblems),
    problems: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'HookRefusal', description: 'Why it does not count; with the paths of what does not fit.' })

const accepted = z
  .strictObject({ source: sourceName, verdict: z.enum(verdicts), threeDSServerTransID: z.guid() })
  .meta({ id: 'AssessmentTaken' })

const question = z
  .looseObject({
    type: z.literal('assessment.requested'),
    timestamp: z.iso.datetime(),
    source: sourceName,
    about: z.strictObject({ threeDSServerTransID: z.guid(), acquirerMerchantID: z.string().optional() }),
    areq: z.record(z.string(), z.unknown()).meta({
      description:
        'Elements of the AReq: the usual ones, and those that the source is to share. Never the card number.',
    }),
  })
  .meta({ id: 'AssessmentRequested' })

const extension = z
  .looseObject({
    name: z.literal(assessmentExtension.name),
    id: z.literal(assessmentExtension.id),
    criticalityIndicator: z.literal(false),
    data: z.looseObject({
      jws: z.string().max(longestToken).optional().meta({
        description:
          'An Assessment as compact JWS: HS256 by the secret, ES256 or EdDSA by a key; `kid` names the source.',
      }),
      ask: sourceName.optional().meta({ description: 'A source that is worth asking.' }),
    }),
  })
  .meta({ id: 'AssessmentExtension', description: 'An entry of messageExtension of the AReq.' })

const moduleReturn = z
  .union([assessment.partial({ source: true, issuedAt: true, about: true }), z.array(assessment).max(4), z.null()])
  .meta({
    id: 'ModuleReturn',
    description: 'What the function of a module returns, or promises; source, issuedAt and about go without saying.',
  })

const moduleQuestion = z
  .strictObject({ tenant: z.string(), at: z.iso.datetime(), areq: z.record(z.string(), z.unknown()) })
  .meta({
    id: 'ModuleQuestion',
    description: 'What it is given: the AReq with everything masked that must not be kept.',
  })

/** JSON Schema of what comes in by each door. */
export const doorSchemas = {
  assessment,
  'areq-extension': extension,
  'assessment-requested': question,
  'module-question': moduleQuestion,
  'module-return': moduleReturn,
} as const

export const doorSchema = (name: keyof typeof doorSchemas): object =>
  z.toJSONSchema(doorSchemas[name], { io: 'input', unrepresentable: 'any' })

const header = (name: string, description: string, isRequired = true) => ({
  name,
  in: 'header',
  required: isRequired,
  description,
  schema: { type: 'string' },
})

const signatureHeaders = [
  header('webhook-id', 'Of this message; counts once. Letters, digits, - _ : (at most 128).'),
  header('webhook-timestamp', 'Seconds since 1970; at most five minutes off the clock of the tenant.'),
  header(
    'webhook-signature',
    '`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, or `v1a,` and an Ed25519 signature.',
  ),
]

const json = (schema: JsonSchema) => ({ 'application/json': { schema } })

/** A post whose id may come again: what it tells has an id of its own. */
const signedPost = (
  operationId: string,
  summary: string,
  {
    body,
    done,
    refused,
  }: { readonly body: object; readonly done: object; readonly refused: (description: string) => object },
) => ({
  post: {
    operationId,
    summary,
    parameters: [
      header('sekisho-source', 'The source; needed where the body does not say it.', false),
      ...signatureHeaders,
    ],
    requestBody: { required: true, content: body },
    responses: {
      ...done,
      '400': refused('No JSON: malformed'),
      '401': refused('unknownSource, badSignature, or signed at another time'),
      '403': refused('The source may not do this: unknownSource'),
      '409': refused('The id of the report was used before, with other words'),
      '413': refused('tooLarge'),
      '415': refused('Another media type: malformed'),
      '422': refused('schema'),
      '429': { description: 'Too many messages of this source: Retry-After says when' },
    },
  },
})

export function hookDocument(url: string, version: string): object {
  const schemas = collectSchemas()
  const refused = schemas.of(refusal, 'input')
  const answers = (description: string) => ({ description, content: json(refused) })
  schemas.of(extension, 'input')
  schemas.of(moduleQuestion, 'input')
  schemas.of(moduleReturn, 'input')
  return {
    openapi: '3.1.1',
    info: {
      title: 'Hook of Sekisho',
      version,
      description:
        'What merchant-side services tell the ACS, and what it asks them. Every path exists for a tenant, too: `/t/{tenant}/hook/…`. Messages are signed as Standard Webhooks has it.',
    },
    servers: [{ url }],
    paths: {
      '/hook/assessments': {
        post: {
          operationId: 'tellAssessment',
          summary: 'An assessment ahead of its AReq',
          parameters: [
            header('sekisho-source', 'The source; needed where the body does not say it.', false),
            ...signatureHeaders,
          ],
          requestBody: { required: true, content: json(schemas.of(assessment, 'input')) },
          responses: {
            '202': { description: 'It counts for the AReq with this id', content: json(schemas.of(accepted, 'input')) },
            '400': answers('No JSON: malformed'),
            '401': answers('unknownSource, badSignature, or signed at another time: tooOld, notYetValid'),
            '403': answers('The source may not come by this door: unknownSource'),
            '409': answers('Its id came before: replayed'),
            '429': answers('Too many messages of this source: Retry-After says when'),
            '413': answers('More than 16384 octets: tooLarge'),
            '415': answers('Another media type: malformed'),
            '422': answers('schema, expired, notYetValid, tooOld, otherTransaction'),
          },
        },
      },
      '/hook/feedback': signedPost('tellFeedback', 'What a payment turned out to be', {
        body: json(schemas.of(feedback, 'input')),
        done: { '200': { description: 'What became of it; the same for a report that comes again' } },
        refused: answers,
      }),
      '/hook/feedback/csv': signedPost('tellFeedbackTable', 'Reports as a table, all or none', {
        body: { 'text/csv': { schema: { type: 'string' } } },
        done: { '200': { description: 'How many were taken' } },
        refused: answers,
      }),
      '/hook/events': signedPost('tellEvent', 'A log-in or an order', {
        body: json(schemas.of(event, 'input')),
        done: { '201': { description: 'Taken' }, '200': { description: 'It was told before' } },
        refused: answers,
      }),
      '/hook/mail-check': signedPost('checkMail', 'What can be said of a mail address; nothing of it is kept', {
        body: json(schemas.of(mailCheck, 'input')),
        done: { '200': { description: 'The verdict, with reasons in English and Japanese' } },
        refused: answers,
      }),
    },
    webhooks: {
      'assessment.requested': {
        post: {
          operationId: 'askForAssessment',
          summary: 'Asked while the AReq waits, at the address of the source',
          parameters: signatureHeaders,
          requestBody: { required: true, content: json(schemas.of(question, 'input')) },
          responses: {
            '200': {
              description: 'The assessment, signed by the same headers with an id of its own',
              content: json(schemas.of(assessment, 'input')),
            },
            '204': { description: 'Nothing to say about it' },
          },
        },
      },
    },
    components: { schemas: schemas.named },
  }
}
