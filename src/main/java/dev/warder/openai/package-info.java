/**
 * OpenAI's chat completions translated to the Messages API and back. A request is translated whole, from one parsed
 * document to another ({@link dev.warder.openai.ChatRequest}): every member that is read is kept, every member that is
 * not is listed for {@code X-Warder-Ignored}, and what cannot be said in the Messages API refuses the request and names
 * the member. Nothing here knows a servlet or the network. No filter uses it yet: under OpenAI's paths nothing is served.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
