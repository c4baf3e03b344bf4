package dev.warder.container;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.concurrent.Executor;

/**
 * The streams of one exchange, which never make a thread wait.
 *
 * @param last runs the task that returns the request to its container, as soon as no thread is inside its streams
 */
public record ClientStreams(ServletInputStream in, ServletOutputStream out, Executor last) {}
