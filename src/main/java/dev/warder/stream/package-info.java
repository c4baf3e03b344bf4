/**
 * The events of the Messages API, decoded once: its event types ({@link dev.warder.stream.EventType}), what they report,
 * and the {@link dev.warder.stream.Usage}.
 *
 * <p>{@link dev.warder.stream.MessageReader} reads a stream with its content, for translations ({@link
 * dev.warder.stream.MessageReader.MessageEvents}). {@link dev.warder.stream.OutlineReader} reads one without, for what looks at
 * all responses, such as the tap of usage ({@link dev.warder.stream.OutlineReader.MessageOutline}): a native stream pays for the
 * names of its events only.
 */
@NullMarked
package dev.warder.stream;

import org.jspecify.annotations.NullMarked;
