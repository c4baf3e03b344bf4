/**
 * OpenAI's chat completions translated to the Messages API and back. A request is translated whole, from one parsed
 * document to another ({@link dev.warder.openai.ChatRequest}): every member that is read is kept, every member that is
 * not is listed for {@code X-Warder-Ignored}, and what cannot be said in the Messages API refuses the request and names
 * the member. Its answer comes back as one document or event by event
 * ({@link dev.warder.openai.ChatStream}). Nothing of this knows a servlet or the network: {@link
 * dev.warder.openai.OpenAiFilter} asks the exchange for it.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
