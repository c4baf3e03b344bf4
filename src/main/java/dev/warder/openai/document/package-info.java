/**
 * The document of a request, whichever reader reads it: {@link dev.warder.openai.document.ValueMemory} bounds the memory that it takes,
 * {@link dev.warder.openai.document.Members} reads it by name and remembers what was read, and a
 * {@link dev.warder.openai.document.RequestRefusal} names the member that cannot be translated.
 */
@NullMarked
package dev.warder.openai.document;

import org.jspecify.annotations.NullMarked;
