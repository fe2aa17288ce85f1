import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  reporter: 'list',
  use: {
    // A browser that is there already; without it Playwright takes the one of `npx playwright install chromium`.
    launchOptions: {
      ...(process.env.CHROMIUM_PATH !== undefined && {
        executablePath: process.env.CHROMIUM_PATH,
        args: ['--no-sandbox'],
      }),
    },
  },
})
