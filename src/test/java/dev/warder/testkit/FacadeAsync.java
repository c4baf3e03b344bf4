package dev.warder.testkit;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** An asynchronous context as {@link Facades} gives it to the application; as thread-safe as the container's. */
final class FacadeAsync implements InvocationHandler {
    private final AsyncContext real;
    private final FacadeWatch watch;

    private FacadeAsync(AsyncContext real, FacadeWatch watch) {
        this.real = real;
        this.watch = watch;
    }

    /** Wraps a context. Once the container has reported its end, it counts as ended. */
    static AsyncContext of(AsyncContext real, FacadeWatch watch) {
        return (AsyncContext) Proxy.newProxyInstance(
                AsyncContext.class.getClassLoader(), new Class<?>[] {AsyncContext.class}, new FacadeAsync(real, watch));
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        var name = "async." + method.getName();
        if (name.equals("async.complete") || name.equals("async.dispatch")) {
            return end(name, method, arguments);
        }
        watch.use(name);
        if (name.equals("async.addListener") && arguments != null) {
            arguments[0] = new Listener((AsyncListener) arguments[0], watch);
        }
        return call(name, method, arguments);
    }

    private @Nullable Object end(String name, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean crosses = false;
        try {
            crosses = watch.crossesTheEnd(name);
            if (!crosses) {
                watch.end(name);
            }
            var result = call(name, method, arguments);
            if (crosses) {
                watch.accepted(name);
            }
            return result;
        } catch (Throwable thrown) {
            if (!crosses) {
                watch.endFailed();
            }
            throw thrown;
        }
    }

    private @Nullable Object call(String name, Method method, Object @Nullable [] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
        watch.used(name);
        return result;
    }

    /** What the container calls. */
    private record Listener(AsyncListener real, FacadeWatch watch) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            watch.endByContainer();
            watch.callback("event.onComplete", () -> real.onComplete(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            watch.callback("event.onTimeout", () -> real.onTimeout(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            watch.callback("event.onError", () -> real.onError(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            watch.callback("event.onStartAsync", () -> real.onStartAsync(event));
        }
    }
}
