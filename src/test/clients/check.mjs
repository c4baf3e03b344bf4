// Asks one SDK for a response, a stream and a refusal, where npm installed it. Prints the version that it sends, and what held.
const [, , sdk, allowed, forbidden, text, refusal] = process.argv;
const messages = [{ role: "user", content: text }];

let agent;
const send = globalThis.fetch;
globalThis.fetch = (url, init) => {
  agent = new Headers((init ?? url).headers).get("user-agent");
  return send(url, init);
};

const sdks = {
  async "@anthropic-ai/sdk"() {
    const { default: Anthropic } = await import("@anthropic-ai/sdk");
    const client = new Anthropic({ maxRetries: 0 });
    const params = (model) => ({ model, max_tokens: 99, messages });
    return [{
      whole: async (model) => (await client.messages.create(params(model))).content[0].text,
      stream: (model) => client.messages.stream(params(model)),
      piece: (event) => event.delta?.text,
    }];
  },
  async openai() {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ maxRetries: 0 });
    return [{
      whole: async (model) => (await client.chat.completions.create({ model, messages })).choices[0].message.content,
      stream: (model) => client.chat.completions.create({ model, messages, stream: true }),
      piece: (chunk) => chunk.choices[0]?.delta.content,
    }, {
      whole: async (model) => (await client.responses.create({ model, input: text })).output_text,
      stream: (model) => client.responses.create({ model, input: text, stream: true }),
      piece: (event) => event.type === "response.output_text.delta" && event.delta,
    }];
  },
  async ai() {
    const { generateText, streamText } = await import("ai");
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    const anthropic = createAnthropic({
      baseURL: process.env.ANTHROPIC_BASE_URL + "/v1",
      apiKey: process.env.ANTHROPIC_AUTH_TOKEN,
    });
    const params = (model) => ({ model: anthropic(model), prompt: text, maxRetries: 0 });
    return [{
      whole: async (model) => (await generateText(params(model))).text,
      stream: (model) => streamText(params(model)).textStream,
      piece: (part) => part,
    }];
  },
};

const passed = [];
async function check(holds) {
  passed.push(await holds().catch((error) => (console.error(error), false)));
}

for (const { whole, stream, piece } of await sdks[sdk]()) {
  await check(async () => (await whole(allowed)) === text);
  await check(async () => {
    const pieces = [];
    for await (const event of await stream(allowed)) pieces.push(piece(event) || "");
    return pieces.filter(Boolean).length > 1 && pieces.join("") === text;
  });
  await check(() => whole(forbidden).then(() => false, (error) => error.message.includes(refusal)));
}
console.log(JSON.stringify({ agent, passed }));
