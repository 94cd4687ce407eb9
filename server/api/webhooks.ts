/** The API calls for the webhook requests that rules sent. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { WebhookDelivery, WebhookList } from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { presentWebhook } from '../service/present/rule.ts';
import { notFound } from '../../contract/problems.ts';

const DeliveryId = Type.Object({ id: Type.String() });

export const webhookRoutes =
  ({ capture: { webhooks } }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/webhooks',
      {
        schema: {
          operationId: 'listWebhooks',
          tag: 'Rules',
          summary: 'List webhooks that rules sent, newest first',
          response: { 200: WebhookList },
        },
      },
      async () => ({ deliveries: (await webhooks.list()).map(presentWebhook) }),
    );

    app.post(
      '/webhooks/:id/replay',
      {
        schema: {
          operationId: 'replayWebhook',
          tag: 'Rules',
          summary: 'Send a webhook again, in any state',
          problems: ['not-found', 'unwritable'],
          params: DeliveryId,
          response: { 202: WebhookDelivery },
        },
      },
      async ({ params }, reply) => {
        const delivery = await webhooks.replay(params.id);
        if (delivery === undefined) throw notFound(`There is no webhook delivery ${params.id}`);
        return reply.code(202).send(presentWebhook(delivery));
      },
    );
  };
