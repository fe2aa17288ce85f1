// Error codes and their fixed descriptions. Spec: Table A.4; ERR-101 … ERR-405, ERR-A6.

export const errorDescriptions = {
  '101': 'The message is not valid for the receiving component.',
  '102': 'The message version is not supported.',
  '103': 'The limit of sent messages is exceeded.',
  '201': 'A required data element is missing.',
  '202': 'A critical message extension is not recognised.',
  '203': 'The format or value of one or more data elements is not valid.',
  '204': 'A data element occurs more than once.',
  '205': 'Card ranges overlap.',
  '206': 'The action indicator of a card range does not fit.',
  '207': 'The value of one or more data elements is reserved.',
  '301': 'The transaction ID is not recognised.',
  '302': 'The data could not be decrypted.',
  '303': 'Access is denied or the endpoint is not valid.',
  '304': 'An ISO code is not valid.',
  '305': 'The transaction data are not valid.',
  '306': 'The merchant category code is not valid for the payment system.',
  '307': 'The serial number is not valid.',
  '308': 'The signed content of the SDK server is not valid.',
  '309': 'A content security policy forbids the challenge.',
  '310': 'The algorithm is not supported.',
  '311': 'The key identifier is missing or not known.',
  '312': 'A message with this transaction ID was received before.',
  '313': 'A results request is not expected for this transaction.',
  '314': 'The challenge request was received before.',
  '315': 'The challenge request came after the results request.',
  '402': 'The transaction timed out.',
  '403': 'A system of the sender failed temporarily; a retry may help.',
  '404': 'A system of the sender failed; a retry will not help.',
  '405': 'A connection could not be made.',
} as const

export type ErrorCode = keyof typeof errorDescriptions

/** Who answers. Spec: Table A.1, errorComponent. */
export type Component = 'S' | 'D' | 'A' | 'C'
