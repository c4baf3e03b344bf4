/** Reads requests to OpenAI's Responses API: input items, tools and parameters. */
@NullMarked
package dev.warder.openai.items;

import org.jspecify.annotations.NullMarked;
