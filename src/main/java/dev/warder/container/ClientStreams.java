package dev.warder.container;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.concurrent.Executor;

/**
 * What one exchange reads its request from and writes its answer to, without waiting.
 *
 * @param last runs what gives the request back to the container, as soon as nobody is inside its streams
 */
public record ClientStreams(ServletInputStream in, ServletOutputStream out, Executor last) {}
