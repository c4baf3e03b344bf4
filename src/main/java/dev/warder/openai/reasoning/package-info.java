/**
 * The content of reasoning items that the client sends back in its next request: blocks of the Messages API with their
 * signatures.
 */
@NullMarked
package dev.warder.openai.reasoning;

import org.jspecify.annotations.NullMarked;
