/** Parts before the @ that belong to a task and not to a person (RFC 2142, and what is usual). */
export const roleNames = `
abuse accounting accounts admin administrator billing careers compliance contact customerservice dev dns eigyo enquiries finance ftp
hello help helpdesk hostmaster hr info inquiry it jinji jobs keiri legal list list-request mail mailer-daemon marketing master media
news newsletter no-reply noc noreply office order orders otoiawase postmaster press privacy purchasing recruit root saiyo sales
security service shop soumu staff store support sysadmin tech toiawase usenet uucp webmaster www
`
  .trim()
  .split(/\s+/)
