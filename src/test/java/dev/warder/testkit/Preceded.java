package dev.warder.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Parts of a test whose calls are counted, held up or refused. */
public final class Preceded {
    private Preceded() {}

    /** Work that refuses the call when it fails. */
    public interface Before {
        void call(String method) throws Exception;
    }

    /** The same part, each call of which is preceded by this. */
    public static <T> T by(Before before, Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                Preceded.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    before.call(method.getName());
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }
}
