/**
 * The SASL mechanism LOGIN (draft-murchison-sasl-login): the server requests the user name and the password,
 * one after the other.
 */
import { challenge, type SaslMechanism } from './exchange.ts';
import { sameSecret, settle } from './secret.ts';

export const login: SaslMechanism = (world) => {
  let user: string | null = null;
  return {
    async step(response) {
      if (response === null) return challenge('Username:');
      if (user === null) {
        user = response.toString();
        return challenge('Password:');
      }
      const password = response.toString();
      return settle(world, user, (known) => sameSecret(password, known));
    },
  };
};
