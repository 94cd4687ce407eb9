it('a visitor signs up and confirms the address', () => {
  cy.createInbox().then((inbox) => {
    cy.visit('/');
    cy.get('input').type(inbox.address);
    cy.contains('Sign up').click();
    cy.waitForMail(inbox, { subject: /confirm/i })
      .its('codes')
      .should('have.length', 1);
  });
  cy.createInbox().then((inbox) => {
    cy.visit(`/signup?address=${inbox.address}`);
    cy.waitForMailLink(inbox, { kind: 'verify' }).then((href) => cy.visit(href));
    cy.contains(`Hello, ${inbox.address}!`);
  });
});
