import * as contracts from '@foodshed/contracts';
import { problemDetails, publicEvents, publicEventTypes, webhookMessage } from '@foodshed/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

const DESCRIPTION = `Everything the web application does goes through this API.

Programs send \`Authorization: Bearer fs_…\` with an API token made under \`/api/api-tokens\`; browsers have a session
cookie. Visitors name the instance they look at: \`?instance=<slug>\`, on every route. Lists have \`items\` and
\`nextCursor\`. Amounts are integers in minor units (\`…Minor\`) of \`currency\`, rates are basis points. Refusals
are RFC 9457 problems: compare \`code\`; quote \`requestId\` when you ask for help. Where an \`Idempotency-Key\` is
required, send a new key for a new request and the same key to repeat one.`;

type Operation = Record<string, unknown> & {
  responses?: Record<string, unknown>;
  parameters?: { name: string }[];
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The objects that contracts names, as components of that name: `pitchView` is `PitchView`. */
const named = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries(contracts)) {
  if (!(schema instanceof z.ZodObject) || named.has(schema)) continue;
  named.add(schema, { id: `${name[0]!.toUpperCase()}${name.slice(1)}` });
}

type Schemas = Record<string, Record<string, unknown>>;

/** What is answered or sent, with its named parts as references; those are added to `components`. */
function answerOf(schema: z.ZodType, components: Schemas): Record<string, unknown> {
  const made = z.toJSONSchema(schema, {
    io: 'output',
    unrepresentable: 'any',
    metadata: named,
    override: tidy,
  });
  const moved = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $defs = {}, ...rest } = JSON.parse(moved) as Record<string, unknown> & { $defs?: Schemas };
  Object.assign(components, $defs);
  return withoutDialect(rest);
}

/** What is asked: whole, because query parameters are read off its fields, and what is left out has a default. */
function questionOf(schema: z.ZodType): Record<string, unknown> {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: tidy }));
}

/** The OpenAPI 3.1 document of all routes, made of the schemas that check them. */
export function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Foodshed')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('AGPL-3.0-or-later', 'https://www.gnu.org/licenses/agpl-3.0.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token, fs_…' }, 'apiToken')
    .addCookieAuth('foodshed_session', { type: 'apiKey', in: 'cookie' }, 'session')
    .build();
  const components: Schemas = {};
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: (schema, { schemaType }) => ({
      schema:
        schemaType === 'output' ? answerOf(schema as z.ZodType, components) : questionOf(schema as z.ZodType),
    }),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  const webhooks = webhooksOf(components);
  complete(document, components);
  return { ...document, webhooks } as OpenAPIObject;
}

/** What receivers of webhooks are sent, by type; they answer 2xx within ten seconds. */
function webhooksOf(schemas: Schemas): Record<string, object> {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  });
  const parameters = [
    header('webhook-id', 'The same at each try and replay: what was had before may be left aside.'),
    header('webhook-timestamp', 'When it was sent, in seconds since 1970.'),
    header(
      'webhook-signature',
      'One or more signatures of the Standard Webhooks scheme, with spaces between.',
    ),
  ];
  const responses = {
    '2XX': { description: 'It was taken.' },
    '410': { description: 'Nobody listens here any more: the webhook is told no more.' },
    default: { description: 'It was not taken, and is tried again for three days.' },
  };
  const operationOf = (type: (typeof publicEventTypes)[number]) => {
    const schema = answerOf(webhookMessage(type), schemas);
    const requestBody = { required: true, content: { 'application/json': { schema } } };
    const summary = publicEvents[type].says;
    return { post: { tags: ['webhooks'], summary, operationId: type, parameters, requestBody, responses } };
  };
  return Object.fromEntries(publicEventTypes.map((type) => [type, operationOf(type)]));
}

/** What every route has: it may refuse, and it may be asked in an instance. */
function complete(document: OpenAPIObject, schemas: Schemas): void {
  const components = (document.components ??= {});
  const { $ref: problemRef } = answerOf(problemDetails, schemas);
  const sorted = Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1));
  components.schemas = { ...components.schemas, ...(Object.fromEntries(sorted) as object) };
  components.parameters = {
    Instance: {
      name: 'instance',
      in: 'query',
      required: false,
      description: 'The slug of the instance a visitor looks at; whoever is signed in acts in their own.',
      schema: { type: 'string' },
    },
  };
  const problem = {
    description: 'A refusal, as problem details',
    content: { 'application/problem+json': { schema: { $ref: problemRef as string } } },
  };
  document.security = [{ apiToken: [] }, { session: [] }, {}];
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as Operation | undefined;
      if (!operation) continue;
      operation.responses = { ...operation.responses, default: problem };
      operation.parameters = [
        ...(operation.parameters ?? []),
        { $ref: '#/components/parameters/Instance' } as never,
      ];
    }
  }
}

/** A format says it for readers; the pattern behind it is noise. */
function tidy({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format) delete jsonSchema.pattern;
}

function withoutDialect({ $schema: _dialect, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
