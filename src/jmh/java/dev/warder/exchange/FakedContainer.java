package dev.warder.exchange;

import dev.warder.WarderListener;
import dev.warder.admin.OrganizationFilter;
import dev.warder.auth.ClientAuthFilter;
import dev.warder.config.Secret;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialPool.AdditionalUpstreams;
import dev.warder.credential.CredentialResolutionFilter;
import dev.warder.credential.ManagedCredential;
import dev.warder.edit.ModelAliasFilter;
import dev.warder.edit.PromptInjectionFilter;
import dev.warder.exchange.tries.AnthropicApi;
import dev.warder.http.Attributes;
import dev.warder.openai.OpenAiFilter;
import dev.warder.upstream.MemoryUpstream;
import dev.warder.upstream.UpstreamClient;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A servlet container without sockets. Deploys the application as a container does, with the filters of {@code web.xml} in their
 * order, and adds an upstream in memory, to which all requests go. Serves one request at a time on the calling thread; the request, the
 * response and their streams are the same objects each time, so that almost everything that a request allocates is the
 * application's.
 */
final class FakedContainer implements AutoCloseable {
    private static final List<Filter> FILTERS = List.of(
            new ClientAuthFilter(),
            new OrganizationFilter(),
            new OpenAiFilter(),
            new ModelAliasFilter(),
            new CredentialResolutionFilter(),
            new PromptInjectionFilter());

    private final Map<String, String> settings;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final ServletContext application = faked(ServletContext.class, this::ofApplication);
    private final ServletContextEvent event = new ServletContextEvent(application);
    private final WarderListener listener = new WarderListener();
    private final ProxyServlet servlet = new ProxyServlet();
    private final FilterChain chain;
    private MemoryUpstream upstream;

    /**
     * @param settings the values of context-params, by their names without {@code warder.}
     * @param fields those of the response that the upstream always sends
     * @param pieces the content of that response
     */
    FakedContainer(Map<String, String> settings, Map<String, String> fields, List<byte[]> pieces)
            throws ServletException {
        this.settings = Map.copyOf(settings);
        Attributes.put(application, AdditionalUpstreams.class, client -> entries(client, fields, pieces));
        listener.contextInitialized(event);
        servlet.init(faked(ServletConfig.class, this::ofConfig));
        FilterChain next = servlet::service;
        for (int i = FILTERS.size() - 1; i >= 0; i--) {
            var filter = FILTERS.get(i);
            filter.init(faked(FilterConfig.class, this::ofConfig));
            var rest = next;
            next = (request, response) -> filter.doFilter(request, response, rest);
        }
        chain = next;
    }

    MemoryUpstream upstream() {
        return upstream;
    }

    private List<CredentialPool.Entry> entries(UpstreamClient client, Map<String, String> fields, List<byte[]> pieces) {
        upstream = new MemoryUpstream(client, fields, pieces);
        var api = new AnthropicApi(URI.create("http://127.0.0.1:9"), "2023-06-01", upstream);
        return Stream.of("primary", "second")
                .map(name -> new ManagedCredential.Fixed(name, 1, false, Secret.of(name.repeat(20))))
                .map(fixed -> new CredentialPool.Entry(fixed, 1, api))
                .toList();
    }

    @Override
    public void close() {
        FILTERS.forEach(Filter::destroy);
        servlet.destroy();
        listener.contextDestroyed(event);
    }

    private Object ofApplication(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "getAttribute" -> attributes.get(arguments[0]);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "getInitParameter" -> settings.get(((String) arguments[0]).replaceFirst("^warder\\.", ""));
            case "getInitParameterNames" ->
                Collections.enumeration(
                        settings.keySet().stream().map("warder."::concat).toList());
            case "getFilterRegistrations", "getServletRegistrations" -> Map.of();
            case "getServerInfo" -> "Faked/1.0";
            case "getContextPath" -> "";
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private Object ofConfig(Object self, Method method, Object[] arguments) {
        return method.getName().equals("getServletContext") ? application : method.getName();
    }

    private static <T> T faked(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Without the arrays of arguments that a proxy makes: for methods that have none. */
    private static <T> T constants(Class<T> type, Map<String, Object> values) {
        return faked(type, (self, method, arguments) -> {
            if (arguments != null) {
                throw new UnsupportedOperationException(method.toString());
            }
            return values.get(method.getName());
        });
    }

    /** A request that a client sends again and again, and where its response goes. */
    final class Client extends HttpServletRequestWrapper {
        /** Vectors, whose enumerations are one object. */
        private final Map<String, Vector<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        private final Map<String, Object> ownAttributes = new HashMap<>();
        private final Input in;
        private final Response response = new Response();
        private final MemoryUpstream upstream;
        private final AsyncContext async = faked(AsyncContext.class, this::ofAsync);
        private final AsyncEvent completed = new AsyncEvent(async, this, response, null);
        private AsyncListener listener;
        private boolean started;
        private int ended;

        Client(Map<String, String> fields, byte[] body, MemoryUpstream upstream) {
            super(constants(
                    HttpServletRequest.class,
                    Map.of(
                            "getMethod", "POST",
                            "getRequestURI", "/v1/messages",
                            "getProtocol", "HTTP/1.1",
                            "getRemoteAddr", "127.0.0.1",
                            "getContentLengthLong", (long) body.length,
                            "getDispatcherType", DispatcherType.REQUEST,
                            "getServletContext", application)));
            fields.forEach((name, value) -> this.fields.put(name, new Vector<>(List.of(value))));
            this.in = new Input(body);
            this.upstream = upstream;
        }

        /** Sends the request and returns the number of bytes of the content that came back. */
        int exchange() throws Exception {
            ownAttributes.clear();
            in.at = 0;
            response.out.written = 0;
            started = false;
            ended = 0;
            chain.doFilter(this, response);
            response.out.listener.onWritePossible();
            in.listener.onDataAvailable();
            upstream.respond();
            if (ended != 1 || response.status != HttpServletResponse.SC_OK) {
                throw new IllegalStateException("ended " + ended + " times with status " + response.status);
            }
            return response.out.written;
        }

        private Object ofAsync(Object self, Method method, Object[] arguments) throws IOException {
            switch (method.getName()) {
                case "getResponse", "setTimeout" -> {}
                case "addListener" -> listener = (AsyncListener) arguments[0];
                case "complete" -> {
                    ended++;
                    listener.onComplete(completed);
                }
                default -> throw new UnsupportedOperationException(method.toString());
            }
            return method.getReturnType() == void.class ? null : response;
        }

        @Override
        public Object getAttribute(String name) {
            return ownAttributes.get(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            ownAttributes.put(name, value);
        }

        @Override
        public String getHeader(String name) {
            var values = fields.get(name);
            return values == null ? null : values.get(0);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            var values = fields.get(name);
            return values == null ? Collections.emptyEnumeration() : values.elements();
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(fields.keySet());
        }

        @Override
        public ServletInputStream getInputStream() {
            return in;
        }

        @Override
        public AsyncContext startAsync() {
            started = true;
            return async;
        }

        @Override
        public boolean isAsyncStarted() {
            return started;
        }
    }

    private static final class Response extends HttpServletResponseWrapper {
        private final Output out = new Output();
        private int status;

        Response() {
            super(constants(HttpServletResponse.class, Map.of()));
        }

        @Override
        public void setStatus(int code) {
            status = code;
        }

        @Override
        public void setHeader(String name, String value) {}

        @Override
        public void addHeader(String name, String value) {}

        @Override
        public void setContentLengthLong(long length) {}

        @Override
        public ServletOutputStream getOutputStream() {
            return out;
        }
    }

    private static final class Input extends ServletInputStream {
        private final byte[] body;
        private int at;
        private ReadListener listener;

        Input(byte[] body) {
            this.body = body;
        }

        @Override
        public boolean isFinished() {
            return at == body.length;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener reading) {
            listener = reading;
        }

        @Override
        public int read() {
            return isFinished() ? -1 : body[at++] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = Math.min(length, body.length - at);
            System.arraycopy(body, at, buffer, offset, count);
            at += count;
            return count;
        }
    }

    private static final class Output extends ServletOutputStream {
        private int written;
        private WriteListener listener;

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener writing) {
            listener = writing;
        }

        @Override
        public void write(int one) {
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            written += length;
        }
    }
}
