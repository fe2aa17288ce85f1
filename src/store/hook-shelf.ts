// What the hook keeps, put together.
import type { Database } from 'better-sqlite3'
import type { HookShelf } from '../acs/hook/ports.ts'
import { openAheadShelf } from './hook-ahead.ts'
import { openAlertShelf } from './hook-alerts.ts'
import { openFeedbackShelf } from './hook-feedback.ts'
import { openJourneyShelf } from './hook-journey.ts'
import { openMerchantShelf } from './hook-merchants.ts'
import { openSeenShelf } from './hook-seen.ts'
import { openSourceShelf } from './hook-sources.ts'
import { openWebhookShelf } from './hook-webhooks.ts'

export const openHookShelf = (db: Database): HookShelf => ({
  ahead: openAheadShelf(db),
  seen: openSeenShelf(db),
  sources: openSourceShelf(db),
  feedback: openFeedbackShelf(db),
  merchants: openMerchantShelf(db),
  webhooks: openWebhookShelf(db),
  alerts: openAlertShelf(db),
  journey: openJourneyShelf(db),
})
