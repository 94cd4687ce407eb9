/**
 * Configuration snippets that make an application send its mail to the sandbox: one snippet for each
 * framework.
 */

export interface Snippet {
  readonly key: string;
  readonly name: string;
  readonly file: string;
  code(host: string, port: number): string;
  /**
   * Returns the setting by which the framework trusts a CA. This method is absent if the framework reads the variable
   * of OpenSSL.
   */
  trust?(file: string, host: string): string;
}

/**
 * The name of the file in which the CA's certificate is saved, by a download in the browser and by the shell
 * command that `trustCode` returns.
 */
const CA_FILE = 'restante-ca.crt';

/**
 * Returns the commands by which an application trusts the certificate of the server's own CA.
 * @param authority the URL of the CA's certificate
 */
export function trustCode(snippet: Snippet, authority: string, host: string): string {
  const setting = snippet.trust?.(CA_FILE, host) ?? `export SSL_CERT_FILE=$PWD/${CA_FILE}`;
  return `curl -o ${CA_FILE} ${authority}\n${setting}`;
}

export const snippets: readonly Snippet[] = [
  {
    key: 'node',
    name: 'Node',
    file: 'nodemailer',
    code: (host, port) =>
      `const transport = nodemailer.createTransport({\n  host: '${host}',\n  port: ${port},\n});`,
    trust: (file) => `export NODE_EXTRA_CA_CERTS=$PWD/${file}`,
  },
  {
    key: 'django',
    name: 'Django',
    file: 'settings.py',
    code: (host, port) => `EMAIL_HOST = "${host}"\nEMAIL_PORT = ${port}\nEMAIL_USE_TLS = False`,
  },
  {
    key: 'rails',
    name: 'Rails',
    file: 'config/environments/development.rb',
    code: (host, port) =>
      `config.action_mailer.delivery_method = :smtp\nconfig.action_mailer.smtp_settings = {\n  address: "${host}",\n  port: ${port}\n}`,
  },
  {
    key: 'laravel',
    name: 'Laravel',
    file: '.env',
    code: (host, port) => `MAIL_MAILER=smtp\nMAIL_HOST=${host}\nMAIL_PORT=${port}\nMAIL_ENCRYPTION=null`,
  },
  {
    key: 'spring',
    name: 'Spring',
    file: 'application.properties',
    code: (host, port) => `spring.mail.host=${host}\nspring.mail.port=${port}`,
    trust: (_, host) => `echo spring.mail.properties.mail.smtp.ssl.trust=${host} >> application.properties`,
  },
  {
    key: 'go',
    name: 'Go',
    file: 'net/smtp',
    code: (host, port) => `err := smtp.SendMail("${host}:${port}", nil, from, to, message)`,
  },
  {
    key: 'python',
    name: 'Python',
    file: 'smtplib',
    code: (host, port) => `with smtplib.SMTP("${host}", ${port}) as smtp:\n    smtp.send_message(message)`,
  },
  {
    key: 'php',
    name: 'PHP',
    file: 'Symfony Mailer, .env',
    code: (host, port) => `MAILER_DSN=smtp://${host}:${port}`,
  },
  {
    key: 'dotnet',
    name: '.NET',
    file: 'MailKit',
    code: (host, port) =>
      `using var client = new SmtpClient();\nawait client.ConnectAsync("${host}", ${port}, SecureSocketOptions.None);`,
  },
  {
    key: 'sendmail',
    name: 'sendmail',
    file: 'the sendmail command, by msmtp',
    code: (host, port) => `msmtp --host=${host} --port=${port} --from=app@example.test -t`,
    trust: (file) => `alias msmtp="msmtp --tls=on --tls-trust-file=$PWD/${file}"`,
  },
  {
    key: 'curl',
    name: 'Shell',
    file: 'curl',
    code: (host, port) =>
      `curl smtp://${host}:${port} --mail-from app@example.test \\\n  --mail-rcpt you@example.test -T message.eml`,
    trust: (file) => `# with encryption: --ssl-reqd --cacert ${file}`,
  },
];
