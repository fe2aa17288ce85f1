/** Said with every result. */
export const noCertification =
  'This is no certification: EMVCo and the payment systems approve products by test plans of their own. These are trials of the rules as this project reads them.'
