/** Writes responses of the Messages API as responses and events of OpenAI's Responses API. */
@NullMarked
package dev.warder.openai.output;

import org.jspecify.annotations.NullMarked;
