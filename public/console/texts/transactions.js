export const transactionsTexts = {
  en: { title: 'Transactions' },
  ja: { title: '取引' },
}
