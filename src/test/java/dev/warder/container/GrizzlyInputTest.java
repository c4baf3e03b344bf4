package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrizzlyInputTest {
    private final Received received = new Received();
    private final List<String> told = new ArrayList<>();

    @Test
    void isFinishedWhenNothingIsLeftToRead() throws IOException {
        var in = Container.of("Eclipse GlassFish  7.0.21").input(received);
        assertThat(in.isFinished()).isFalse();
        assertThat(in.read(new byte[8])).isEqualTo(3);
        assertThat(in.isFinished()).isTrue();
    }

    @Test
    void takesTheEarlyReportOfTheEndForOneOfData() throws IOException {
        var in = Container.of("Payara Server  6.2025.10 #badassfish").input(received);
        in.setReadListener(new Noting());
        received.listener().onAllDataRead();
        assertThat(told).containsExactly("data");
        assertThat(in.read(new byte[8])).isEqualTo(3);
        received.listener().onAllDataRead();
        assertThat(told).containsExactly("data", "all");
    }

    /** A request that ends before the report of the end costs the connection. */
    @Test
    void isFinishedForAListenerOnceTheEndIsReported() throws IOException {
        var in = Container.of("Eclipse GlassFish  7.0.21").input(received);
        in.setReadListener(new Noting());
        assertThat(in.read(new byte[8])).isEqualTo(3);
        assertThat(in.isFinished()).isFalse();
        received.listener().onAllDataRead();
        assertThat(in.isFinished()).isTrue();
    }

    @Test
    void leavesOtherContainersAlone() {
        assertThat(Container.of("Apache Tomcat/10.1.61").input(received)).isSameAs(received);
    }

    private final class Noting implements ReadListener {
        @Override
        public void onDataAvailable() {
            told.add("data");
        }

        @Override
        public void onAllDataRead() {
            told.add("all");
        }

        @Override
        public void onError(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    /** Three bytes that were received whole and not read yet. */
    private static final class Received extends UnusedInput {
        private int left = 3;
        private @Nullable ReadListener listener;

        ReadListener listener() {
            return Objects.requireNonNull(listener);
        }

        @Override
        public int available() {
            return left;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int n = left;
            left = 0;
            return n;
        }

        @Override
        public boolean isFinished() {
            return true;
        }

        @Override
        public boolean isReady() {
            return left > 0;
        }

        @Override
        public void setReadListener(ReadListener readListener) {
            listener = readListener;
        }
    }
}
