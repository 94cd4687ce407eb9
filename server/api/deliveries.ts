/** The API calls for releasing messages to the relay, and for the relay's deliveries. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { type Delivery as QueuedDelivery, RelayRefusal } from '../relay/relay.ts';
import type { MessageId } from '../store/ids.ts';
import {
  AllowListChange,
  DeliveriesQuery,
  Delivery,
  DeliveryDetail,
  DeliveryList,
  Rehearsal,
  Release,
  Released,
  RelayStatus,
  ScopeQuery,
} from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { presentAttempt, presentDelivery, presentRelay } from '../service/present/delivery.ts';
import { notFound, ProblemError } from '../../contract/problems.ts';
import { findMessage } from '../service/scope.ts';

const MessagePath = Type.Object({ id: Type.String({ description: 'Id, or `latest` in the scope.' }) });
const DeliveryPath = Type.Object({ id: Type.String() });
const DEFAULT_LIMIT = 100;

export const deliveryRoutes =
  ({ store, relay }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const found = (delivery: QueuedDelivery | undefined, id: string): QueuedDelivery => {
      if (delivery === undefined) throw notFound(`There is no delivery ${id}`);
      return delivery;
    };
    const cannot = (what: string, { state, to }: QueuedDelivery): ProblemError =>
      new ProblemError('delivery-state', `The delivery to ${to} cannot be ${what}: its state is ${state}`);

    app.post(
      '/messages/:id/release',
      {
        schema: {
          operationId: 'releaseMessage',
          tag: 'Relay',
          summary: 'Relay a message to its recipients or to other ones; all of them get it, or none',
          problems: ['not-found', 'relay-refused', 'unwritable'],
          params: MessagePath,
          querystring: ScopeQuery,
          body: Type.Union([Release, Type.Null()]),
          response: { 202: Released },
        },
      },
      async ({ params, query, body }, reply) => {
        const { summary } = await findMessage(store, params.id, query);
        const deliveries = await relay.release(summary.id, body?.to ?? null);
        const [first] = deliveries;
        if (first === undefined) throw new RelayRefusal('no-recipients', 'The release has no recipients');
        return reply.code(202).send({ release: first.release, deliveries: deliveries.map(presentDelivery) });
      },
    );

    app.post(
      '/messages/:id/release/rehearsal',
      {
        schema: {
          operationId: 'rehearseRelease',
          tag: 'Relay',
          summary: 'Show the decision of the relay policy on each recipient of a release; nothing is sent',
          problems: ['not-found'],
          params: MessagePath,
          querystring: ScopeQuery,
          body: Type.Union([Release, Type.Null()]),
          response: { 200: Rehearsal },
        },
      },
      async ({ params, query, body }) => {
        const { summary } = await findMessage(store, params.id, query);
        const { refusal, recipients } = await relay.rehearse(summary.id, body?.to ?? null);
        return { refusal, recipients: recipients.map((one) => ({ ...one })) };
      },
    );

    app.patch(
      '/relay/allow',
      {
        schema: {
          operationId: 'changeAllowList',
          tag: 'Relay',
          summary: 'Change the allow list of the relay; the change is kept over restarts',
          problems: ['relay-refused', 'unwritable'],
          body: AllowListChange,
          response: { 200: RelayStatus },
        },
      },
      async ({ body: { add = [], remove = [] }, ip }) => {
        await relay.changeAllowList({ add, remove, by: ip });
        return presentRelay(relay);
      },
    );

    app.get(
      '/deliveries',
      {
        schema: {
          operationId: 'listDeliveries',
          tag: 'Relay',
          summary: 'List deliveries, newest first',
          querystring: DeliveriesQuery,
          response: { 200: DeliveryList },
        },
      },
      async ({ query: { message, limit = DEFAULT_LIMIT, ...filter } }) => {
        const of = message === undefined ? {} : { message: message as MessageId };
        await relay.caughtUp();
        const listed = relay.deliveries({ ...filter, ...of, limit });
        return { deliveries: listed.map(presentDelivery), counts: { ...relay.counts() } };
      },
    );

    app.get(
      '/deliveries/:id',
      {
        schema: {
          operationId: 'getDelivery',
          tag: 'Relay',
          summary: 'Get a delivery with the log of its attempts',
          problems: ['not-found'],
          params: DeliveryPath,
          response: { 200: DeliveryDetail },
        },
      },
      async ({ params: { id } }) => {
        await relay.caughtUp();
        const delivery = found(relay.delivery(id), id);
        return { ...presentDelivery(delivery), log: (await relay.attempts(id)).map(presentAttempt) };
      },
    );

    app.post(
      '/deliveries/:id/retry',
      {
        schema: {
          operationId: 'retryDelivery',
          tag: 'Relay',
          summary: 'Retry a delivery now; a failed or cancelled delivery starts again',
          problems: ['not-found', 'delivery-state', 'unwritable'],
          params: DeliveryPath,
          response: { 202: Delivery },
        },
      },
      async ({ params: { id } }, reply) => {
        await relay.caughtUp();
        const before = found(relay.delivery(id), id);
        const after = found(await relay.retry(id), id);
        if (after.state === 'delivered' && before.state === 'delivered') throw cannot('retried', after);
        return reply.code(202).send(presentDelivery(after));
      },
    );

    app.post(
      '/deliveries/:id/cancel',
      {
        schema: {
          operationId: 'cancelDelivery',
          tag: 'Relay',
          summary: 'Cancel a delivery, unless the server is accepting the message at this moment',
          problems: ['not-found', 'delivery-state', 'unwritable'],
          params: DeliveryPath,
          response: { 200: Delivery },
        },
      },
      async ({ params: { id } }) => {
        const delivery = found(await relay.cancel(id), id);
        if (delivery.state !== 'cancelled') throw cannot('cancelled', delivery);
        return presentDelivery(delivery);
      },
    );
  };
