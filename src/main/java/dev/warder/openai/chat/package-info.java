/**
 * Chat completions. {@link dev.warder.openai.chat.ChatRequestReader} reads a request into a {@link
 * dev.warder.openai.shared.MessagesRequest}, which knows no dialect. {@link dev.warder.openai.chat.ChatStream} translates the
 * events of the response, and {@link dev.warder.openai.chat.ChatCompletion} a whole message.
 */
@NullMarked
package dev.warder.openai.chat;

import org.jspecify.annotations.NullMarked;
