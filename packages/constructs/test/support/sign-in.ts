import { SecretValue } from 'aws-cdk-lib';
import type { PageSignIn } from '../../src/index.ts';

/** A sign-in at a provider that the tests do not contact. */
export const signIn: PageSignIn = {
  issuer: 'https://id.example.com',
  authorizationEndpoint: 'https://id.example.com/authorize',
  tokenEndpoint: 'https://id.example.com/token',
  userInfoEndpoint: 'https://id.example.com/user',
  clientId: 'page',
  clientSecret: SecretValue.secretsManager('wordfreq-page'),
};
