/**
 * OpenAI's dialect, chat completions and the list of models, translated to the Messages API and back.
 *
 * <p>{@link dev.warder.openai.OpenAiFilter} asks the exchange to translate a request. For a chat completion
 * {@link dev.warder.openai.ChatTranslator} has the request read and written in {@link dev.warder.openai.request}, and
 * returns a {@link dev.warder.openai.ChatReply}, which has the response read and written in
 * {@link dev.warder.openai.response}. Every member of a request is translated, listed for {@code X-Warder-Ignored}, or
 * refuses the request with its name. Lists of models are translated by {@link dev.warder.openai.ModelsTranslator}.
 *
 * <p>The packages below this one depend on neither servlets nor the network. {@code request} depends on
 * {@link dev.warder.openai.document}, which reads members by name, and on {@link dev.warder.openai.schema}; {@code
 * response} depends on the parts of a request that decide the shape of its response.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
