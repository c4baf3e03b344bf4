/**
 * OpenAI's chat completions translated to the Messages API and back. A request is translated whole, from one parsed
 * document to another ({@link dev.warder.openai.ChatRequest}): every member that is read is kept, every member that is
 * not is listed for {@code X-Warder-Ignored}, and a member that the Messages API cannot express causes a refusal that
 * names the member. The response is translated back as one document or event by event
 * ({@link dev.warder.openai.ChatStream}). The translation depends on neither servlets nor the network:
 * {@link dev.warder.openai.OpenAiFilter} asks the exchange for it.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
