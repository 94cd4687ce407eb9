/** Tests the undocumented members of smtp-server that this project uses: fails when the library changes them. */
import { expect, it } from 'vitest';
import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

it('has the methods that are overridden', () => {
  const methods = {
    init: 0,
    send: 3,
    close: 0,
    connectionReady: 1,
    _sendGreeting: 0,
    _createParser: 0,
    _resetSession: 0,
    _onCommand: 2,
    _getHandler: 1,
    _getEnhancedStatusCode: 2,
    _redactCredentials: 2,
    _setListeners: 1,
    _proxyCommandAllowed: 2,
    _isSupported: 1,
  };
  const shape = Object.fromEntries(
    Object.keys(methods).map((name) => {
      const method: unknown = Reflect.get(SMTPConnection.prototype, name);
      return [name, typeof method === 'function' ? method.length : null];
    }),
  );
  expect(shape).toEqual(methods);
});

it('creates connections in one place and starts them with init', () => {
  expect(SMTPServer.prototype.connect.toString()).toMatch(/new SMTPConnection\([^)]*\)[^]*\.init\(\)/);
  expect(SMTPConnection.prototype.init.toString()).toMatch(
    /setTimeout\(\(\) => this\.connectionReady\(\), 100\)/,
  );
});

it('creates a parser only in the constructor and after STARTTLS', () => {
  const source = SMTPConnection.toString();
  expect(source.match(/this\._createParser\(\)/g)).toHaveLength(2);
  expect(source).toMatch(/_nextHandler/);
  expect(source).toMatch(/_handlerPending/);
  expect(Object.getOwnPropertyNames(SMTPStream.prototype)).toContain('_write');
});
