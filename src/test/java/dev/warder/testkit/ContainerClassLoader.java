package dev.warder.testkit;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a real container would show to a WAR: the JDK, the Servlet API and the container itself. The classes and
 * libraries of the test class path stay hidden, so that the WAR runs with its own. Thread-safe.
 */
final class ContainerClassLoader extends ClassLoader {
    private static final List<String> SERVLET_API = List.of("jakarta.servlet.");

    /** The drivers of the DataSources that a test binds, which lie in the server's own library folder. */
    private static final List<String> DATABASES = List.of("org.h2.", "org.postgresql.");

    private static final ContainerClassLoader JETTY =
            new ContainerClassLoader(List.of("org.eclipse.jetty.", "jndi.properties"));

    private static final ContainerClassLoader TOMCAT = new ContainerClassLoader(
            List.of("org.apache.catalina.", "org.apache.coyote.", "org.apache.tomcat.", "org.apache.naming."));

    private final ClassLoader hidden;
    private final List<String> shown;

    private ContainerClassLoader(List<String> shown) {
        super(ClassLoader.getPlatformClassLoader());
        this.hidden = ContainerClassLoader.class.getClassLoader();
        this.shown = shown;
    }

    static ContainerClassLoader jetty() {
        return JETTY;
    }

    static ContainerClassLoader tomcat() {
        return TOMCAT;
    }

    /** Runs the work as the container's own start script would: without the test's class loader in sight. */
    void run(Work work) throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (shows(name)) {
            return hidden.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        return showsResource(name) ? hidden.getResource(name) : null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        return showsResource(name) ? hidden.getResources(name) : Collections.emptyEnumeration();
    }

    private boolean showsResource(String name) {
        return shows(name.replace("META-INF/services/", "").replace('/', '.'));
    }

    private boolean shows(String name) {
        return Stream.of(SERVLET_API, DATABASES, shown).flatMap(List::stream).anyMatch(name::startsWith);
    }

    /** Work that may fail in any way. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }
}
