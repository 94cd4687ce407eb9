// @ts-check
it('a visitor signs up and confirms the address', () => {
  cy.createInbox({ name: 'visitor' }).then((inbox) => {
    cy.visit('/');
    cy.get('input').type(inbox.address);
    cy.contains('Sign up').click();
    cy.waitForMail(inbox, { subject: /confirm/i }).then((message) => {
      expect(message.envelope.to).to.deep.equal([inbox.address]);
      expect(message.codes).to.have.length(1);
      expect(message.attachments[0].filename).to.equal('terms.txt');
    });
    cy.deleteInbox(inbox);
  });
});

it('the link in the mail confirms the address', () => {
  cy.createInbox().then((inbox) => {
    cy.request(`/signup?address=${inbox.address}`);
    cy.waitForMailLink(inbox, { kind: 'verify' }).then((href) => cy.visit(href));
    cy.contains(`Hello, ${inbox.address}!`);
    cy.request(`/signup?address=${inbox.address}`);
    cy.waitForMailCode(inbox, { length: 6 }).should('match', /^\d{6}$/);
    cy.waitForNoMail(inbox, 'subject:reset', { quietFor: 50 });
  });
});

it('a wait in vain says what came instead', () => {
  cy.createInbox().then((inbox) => {
    cy.on('fail', ({ message }) => {
      expect(message).to.contain('wanted     subject:"Reset your password"');
      expect(message).to.contain('arrived    "Confirm your address" from shop@example.test');
    });
    cy.request(`/signup?address=${inbox.address}`);
    cy.waitForMail(inbox, { subject: 'Reset your password' }, { timeout: 0 }).then(() => {
      throw new Error('There was no such mail');
    });
  });
});
