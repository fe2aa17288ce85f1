// A module for --hook-module: asked about every AReq. It returns an assessment, or nothing.
const riskyMail = /@(?:mailinator\.com|yopmail\.com)$/i

export default function assess({ areq }) {
  if (!riskyMail.test(areq.email ?? '')) return undefined
  return { verdict: 'REVIEW', score: 0.7, reasons: ['throw-away-mail'] }
}
