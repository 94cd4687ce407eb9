/** The application under test: a page for signing up, mail with a code and a link, and a page that the link opens. */
import { createServer } from 'node:http';
import { createTransport } from 'nodemailer';

/**
 * @param smtp URL of the mail server that the application uses
 * @param port port of the application; by default any free port
 */
export async function startApp(smtp, port = 0) {
  const transport = createTransport(smtp);
  const verified = new Set();
  const pending = new Map();

  async function signUp(address) {
    const token = crypto.randomUUID();
    const code = String(100_000 + Math.floor(Math.random() * 900_000));
    pending.set(token, address);
    const link = `${app.url}verify?token=${token}`;
    await transport.sendMail({
      from: 'Shop <shop@example.test>',
      to: address,
      subject: 'Confirm your address',
      text: `Your confirmation code is ${code}.\n\nOr follow this link: ${link}\n`,
      html: `<h1>Welcome</h1><p>Your confirmation code is <b class="code">${code}</b>.</p>
        <p><a href="${link}">Confirm your address</a></p>`,
      attachments: [{ filename: 'terms.txt', content: 'Be kind.' }],
    });
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, app.url);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (url.pathname === '/signup') {
      try {
        await signUp(url.searchParams.get('address'));
        response.end('<p>Look into your mail.</p>');
      } catch (error) {
        response.statusCode = 502;
        response.end(`<p>No mail could be sent: ${error.responseCode}</p>`);
      }
    } else if (url.pathname === '/verify') {
      const address = pending.get(url.searchParams.get('token'));
      if (address !== undefined) verified.add(address);
      response.end(address === undefined ? '<p>That link is not known.</p>' : `<p>Hello, ${address}!</p>`);
    } else {
      response.end('<form action="/signup"><input name="address" /><button>Sign up</button></form>');
    }
  });
  const app = {
    url: '',
    signUp,
    isVerified: (address) => verified.has(address),
    close: () =>
      new Promise((resolve) => {
        transport.close();
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  app.url = `http://127.0.0.1:${server.address().port}/`;
  return app;
}
