/**
 * What the Messages API sends, decoded once: its event types ({@link dev.warder.messages.EventType}), what they report, and the
 * {@link dev.warder.messages.Usage}.
 *
 * <p>{@link dev.warder.messages.MessageReader} reads a stream with its content, for translations ({@link
 * dev.warder.messages.MessageEvents}). {@link dev.warder.messages.OutlineReader} reads one without, for what looks at all
 * responses, such as the tap of usage ({@link dev.warder.messages.MessageOutline}): a native stream pays for the names of its
 * events only.
 */
@NullMarked
package dev.warder.messages;

import org.jspecify.annotations.NullMarked;
