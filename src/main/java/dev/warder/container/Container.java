package dev.warder.container;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The application's knowledge of its server: where a server differs from the servlet specification, or
 * from the other servers, there is a capability with a name here. No other class asks for the name of a server.
 *
 * <p>Immutable; thread-safe.
 */
public record Container(String serverInfo, boolean hasClassesOfTomcat) {
    /** A class of Tomcat. Its presence identifies a server more reliably than the name, which can be configured. */
    private static final String CHUNK_READER_OF_TOMCAT = "org.apache.coyote.http11.filters.ChunkedInputFilter";

    private static final Pattern NAME_AND_VERSION =
            Pattern.compile("(Apache Tomcat|jetty)(?: \\(TomEE\\))?/(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");

    /** The server of this name, for example {@code Apache Tomcat/10.1.61} ({@code ServletContext.getServerInfo}). */
    public static Container of(String serverInfo) {
        return new Container(serverInfo, serverInfo.contains("Tomcat"));
    }

    public static Container of(ServletContext application) {
        String serverInfo = application.getServerInfo();
        // A program may have the classes of Tomcat too that is served by an embedded Jetty.
        boolean isJetty = serverInfo.startsWith("jetty/");
        return new Container(
                serverInfo, serverInfo.contains("Tomcat") || !isJetty && loadsClassesOfTomcat(application));
    }

    /**
     * A write or flush waits for the client on every thread but that of the server's own callback, after {@code isReady}
     * returned true as well. A {@code ReadListener} is not called again after another thread called {@code isReady}. Open
     * Liberty 26.0.0.5.
     */
    public boolean blocksForeignWrites() {
        return isLiberty();
    }

    /**
     * A short response is sent only when its output is closed or the request ends, after a flush as well. A client that
     * stops in the middle of its body delays the end of its request. Open Liberty 26.0.0.5.
     */
    public boolean holdsShortResponses() {
        return isLiberty();
    }

    /**
     * The last byte of a response of announced length closes the input of its request too. The specification allows it
     * (Servlet 6.1, section 5.7). On Tomcat 11.0.25, and any that hides its version, what is read later is a failure that
     * costs the connection. GlassFish 7.0.21 and Payara 6.2025.10 begin the next request of the connection meanwhile: its
     * first bytes are read as the rest of the earlier body, and it is never answered.
     */
    public boolean closesInputAtLength() {
        var found = NAME_AND_VERSION.matcher(serverInfo);
        boolean keeps = found.lookingAt() && Integer.parseInt(found.group(2)) < 11;
        return isGrizzly() || hasClassesOfTomcat && !keeps;
    }

    /**
     * An input is finished, and reports all data as read, as soon as the last byte was received, even if none was read; or it
     * is finished before it reports so, and a request that ends in between costs the connection. GlassFish 7.0.21 and
     * Payara 6.2025.10.
     */
    public boolean reportsEndEarly() {
        return isGrizzly();
    }

    /**
     * A thread that parses the last chunk of a body also handles the read event that follows, inside the callback that it
     * is in. Then the next bytes on the socket are parsed as the head of a request. Tomcat 10.1.61 and servers that are
     * made of it; {@link ChunkedReads} has the details.
     */
    public boolean reentersAtLastChunk() {
        return hasClassesOfTomcat;
    }

    /**
     * A thread that runs a task of {@code AsyncContext.start} continues to use the request's processor after the task has
     * ended the request. Tomcat 10.1.61 and servers that are made of it; {@link TaskThreads} has the details.
     */
    public boolean dispatchesAfterTasks() {
        return hasClassesOfTomcat;
    }

    /**
     * An asynchronous dispatch that fails does not break the response off, and is printed on the console. Open Liberty
     * 26.0.0.5.
     */
    public boolean printsFailedDispatches() {
        return isLiberty();
    }

    /**
     * Called inside an asynchronous dispatch that is about to fail. Tomcat 10.1.61 takes the listeners away before a dispatch
     * (AsyncStateMachine.clearNonBlockingListeners); the thread that reports the failure would then wait for the client, as long as
     * {@code connectionTimeout}. With a listener it waits for nothing.
     */
    public void beforeFailedDispatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (hasClassesOfTomcat) {
            request.startAsync();
            response.getOutputStream().setWriteListener(new Unheard());
        }
    }

    /** Keeps a listener of a request that has {@linkplain #beforeFailedDispatch begun anew}, which takes all listeners away. */
    public static void listenAgain(AsyncEvent begun, AsyncListener listener) {
        begun.getAsyncContext().addListener(listener);
    }

    private static final class Unheard implements WriteListener {
        @Override
        public void onWritePossible() {}

        @Override
        public void onError(Throwable known) {}
    }

    /**
     * A connection stays open after a response that ends before its length, unless the response has the field
     * {@code Connection: close}. GlassFish 7.0.21 and Payara 6.2025.10.
     */
    public boolean keepsConnectionsOfCutResponses() {
        return isGrizzly();
    }

    /**
     * Before each event of an {@code AsyncListener}, also before that of the end, the status becomes 200, unless the head was
     * sent. GlassFish 7.0.21 and 8.0.0 ({@code AsyncContextImpl.notifyAsyncListeners}).
     */
    public boolean resetsStatusAtEvents() {
        return serverInfo.contains("GlassFish");
    }

    /**
     * Adds {@code listener}, whose events leave the response as it is. Called inside {@code service}; each listener is added
     * here, because the response of any of them is reset.
     */
    public void listen(AsyncContext async, AsyncListener listener) {
        if (resetsStatusAtEvents()) {
            // The container resets the response that the listener was added with, but only if it is one of HTTP.
            async.addListener(listener, async.getRequest(), new ServletResponseWrapper(async.getResponse()));
        } else {
            async.addListener(listener);
        }
    }

    /**
     * The bytes of heap that the server occupies at least for a written piece that it cannot send at once. Tomcat copies the rest
     * of it into an array of 64 KiB, however small it is (SocketWrapperBase, WriteBuffer).
     */
    public int leastForUnsentPiece() {
        return hasClassesOfTomcat ? 64 * 1024 : 0;
    }

    /**
     * The bytes of heap that an open exchange occupies with its connection, where they are so many that the default of 5,000
     * exchanges does not fit in a small heap; else 0. Tomcat has buffers of about 120 KiB for each connection.
     */
    public int exchangeMemory() {
        return hasClassesOfTomcat ? 152 * 1024 : 0;
    }

    /**
     * Advice about the server's version. There is none for a server without a known first version for production, or for one
     * that hides its version.
     */
    public Optional<String> versionWarning() {
        var found = NAME_AND_VERSION.matcher(serverInfo);
        if (!found.lookingAt()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(found.group(2));
        int minor = Integer.parseInt(found.group(3));
        int patch = Integer.parseInt(found.group(4));
        if (found.group(1).equals("jetty")) {
            return major < 12 || major == 12 && minor < 1 ? tooOld("12.1") : Optional.empty();
        }
        if (major == 10 && minor == 1 && patch < 61) {
            return patch < 55 ? tooOld("10.1.61") : mixesUpResponses("10.1.61");
        }
        if (major == 11 && minor == 0 && patch < 27) {
            return patch < 22 ? tooOld("11.0.27") : mixesUpResponses("11.0.27");
        }
        return Optional.empty();
    }

    private Optional<String> tooOld(String floor) {
        return Optional.of(serverInfo + " is older than the first version for production, " + floor
                + ": update it to that or a later one");
    }

    private Optional<String> mixesUpResponses(String floor) {
        return Optional.of(serverInfo + " can give one user's HTTP/2 response to another after an asynchronous error"
                + " (CVE-2026-101356): update it to " + floor + " or a later version, and until then leave HTTP/2 off"
                + " (no UpgradeProtocol in any Connector)");
    }

    /** The input of a request as the specification has it. */
    public ServletInputStream input(ServletInputStream in) {
        return reportsEndEarly() ? new GrizzlyInput(in) : in;
    }

    private boolean isGrizzly() {
        return serverInfo.contains("GlassFish") || serverInfo.contains("Payara");
    }

    private boolean isLiberty() {
        return serverInfo.contains("Liberty");
    }

    private static boolean loadsClassesOfTomcat(ServletContext application) {
        try {
            Class.forName(CHUNK_READER_OF_TOMCAT, false, application.getClass().getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError other) {
            return false;
        }
    }

    /**
     * The input of a server that {@linkplain Container#reportsEndEarly reports the end early}. This input is finished when
     * the end was reported and nothing is left to read, and an early report of the end becomes a report of data.
     *
     * <p>It would be wrong on Tomcat, which counts bytes of the next request as available. As thread-safe as the wrapped
     * input.
     */
    private static final class GrizzlyInput extends ServletInputStream {
        private final ServletInputStream in;
        private volatile boolean listens;
        private volatile boolean reported;

        GrizzlyInput(ServletInputStream in) {
            this.in = in;
        }

        @Override
        public boolean isFinished() {
            try {
                return (listens ? reported : in.isFinished()) && in.available() == 0;
            } catch (IOException lost) {
                return true;
            }
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            listens = true;
            in.setReadListener(new ReadListener() {
                @Override
                public void onDataAvailable() throws IOException {
                    listener.onDataAvailable();
                }

                @Override
                public void onAllDataRead() throws IOException {
                    reported = true;
                    if (isFinished()) {
                        listener.onAllDataRead();
                    } else {
                        listener.onDataAvailable();
                    }
                }

                @Override
                public void onError(Throwable cause) {
                    listener.onError(cause);
                }
            });
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return in.read(buffer, offset, length);
        }
    }
}
