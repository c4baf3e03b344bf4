package dev.warder.oauth;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A database that can be down. */
final class BreakableSource {
    private final DataSource whole;
    private volatile boolean down;

    BreakableSource(DataSource whole) {
        this.whole = whole;
    }

    void breakDown() {
        down = true;
    }

    void repair() {
        down = false;
    }

    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                BreakableSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> {
                    if (down) {
                        throw new SQLException("no way to db.example with password abc", "08001");
                    }
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
