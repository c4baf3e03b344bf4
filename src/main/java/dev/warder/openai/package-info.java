/**
 * OpenAI's dialect, chat completions, responses and the list of models, translated to the Messages API and back.
 *
 * <p>{@link dev.warder.openai.OpenAiFilter} asks the exchange to translate a request. For a chat completion
 * {@link dev.warder.openai.ChatTranslator} has the request read in {@link dev.warder.openai.request}, and returns a
 * {@link dev.warder.openai.ChatReply}, which has the response read and written in {@link dev.warder.openai.response}. For the
 * Responses API {@link dev.warder.openai.ResponsesTranslator} has the request read in {@link dev.warder.openai.items}, and
 * returns a {@link dev.warder.openai.ResponsesReply}, which has the response written in {@link dev.warder.openai.output}.
 * Every member of a request is translated, listed for {@code X-Warder-Ignored}, or refuses the request with its name. Lists of
 * models are translated by {@link dev.warder.openai.ModelsTranslator}.
 *
 * <p>The packages below this one depend on neither servlets nor the network. {@code request} and {@code items} depend on
 * {@link dev.warder.openai.document}, which reads members by name, and on {@link dev.warder.openai.messages}, the request to the
 * Messages API, with {@link dev.warder.openai.schema}; {@code response} and {@code output} depend on the parts of a request
 * that decide the shape of its response. {@link dev.warder.openai.reasoning} packs thinking for a client that sends it back.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
