/**
 * JSON schemas of clients in the subset that the API's structured outputs accept. The package depends on JSON only:
 * {@link dev.warder.openai.schema.StructuredSchema} returns a schema or nothing, and the reader of a request refuses what
 * has no such form.
 */
@NullMarked
package dev.warder.openai.schema;

import org.jspecify.annotations.NullMarked;
