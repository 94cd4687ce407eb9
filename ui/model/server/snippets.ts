/**
 * Configuration snippets that make an application send its mail to the sandbox: one snippet for each
 * framework.
 */

export interface Snippet {
  readonly key: string;
  readonly name: string;
  readonly file: string;
  code(host: string, port: number): string;
}

export const snippets: readonly Snippet[] = [
  {
    key: 'node',
    name: 'Node',
    file: 'nodemailer',
    code: (host, port) =>
      `const transport = nodemailer.createTransport({\n  host: '${host}',\n  port: ${port},\n});`,
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
  },
  {
    key: 'curl',
    name: 'Shell',
    file: 'curl',
    code: (host, port) =>
      `curl smtp://${host}:${port} --mail-from app@example.test \\\n  --mail-rcpt you@example.test -T message.eml`,
  },
];
