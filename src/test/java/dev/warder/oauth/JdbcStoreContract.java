package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.Sql;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a store does besides in every database. */
interface JdbcStoreContract extends StoreContract {
    /** The database of this test, which is empty at first. */
    DataSource database() throws Exception;

    /** How logins lie there. */
    LoginFormat format();

    @Override
    default TokenStore store(DeadlinePoll poll) throws Exception {
        return new JdbcTokenStore(database(), "first", format(), poll);
    }

    private String column(String column) throws Exception {
        return Sql.texts(database(), "SELECT " + column + " FROM warder_oauth_token WHERE name = 'first'")
                .get(0);
    }

    @Test
    default void keepsTheLoginsOfTwoNamesApart() throws Exception {
        var second = new JdbcTokenStore(database(), "second", format(), DeadlinePoll.ofThisThread());
        store(DeadlinePoll.ofThisThread()).exclusively(held -> held.write(Logins.token(1)));
        second.exclusively(held -> held.write(Logins.token(2)));
        assertThat(second.read().orElseThrow().token()).isEqualTo(Logins.token(2));
        assertThat(store(DeadlinePoll.ofThisThread()).read().orElseThrow().token())
                .isEqualTo(Logins.token(1));
    }

    @Test
    default void countsGenerationsAndTellsTheExpiry() throws Exception {
        var store = store(DeadlinePoll.ofThisThread());
        store.exclusively(held -> held.write(Logins.token(1)));
        store.exclusively(held -> held.write(Logins.token(2)));
        assertThat(column("generation")).isEqualTo("2");
        assertThat(column("expires_at")).startsWith("2026-11-21 08:00:02");
        assertThat(column("token").startsWith("warder-login:")).isEqualTo(format().seals());
        assertThat(column("token").contains(Logins.access(2))).isNotEqualTo(format().seals());
    }

    @Test
    default void givesTheLockUpWithAChange() throws Exception {
        var store = store(DeadlinePoll.ofThisThread());
        assertThatThrownBy(() -> store.exclusively(held -> {
                    held.write(Logins.token(1));
                    return held.write(Logins.token(2));
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
    }

    @Test
    default void makesItsTableOnceForAllNodesThatStart() throws Exception {
        assertThat(AtOnce.run(8, node -> store(DeadlinePoll.ofThisThread()).read().isEmpty()))
                .containsOnly(true);
        assertThat(Sql.number(
                        database(),
                        "SELECT COUNT(*) FROM \"warder_schema_history\" WHERE \"version\" = '1' AND \"success\""))
                .isEqualTo(1);
    }

    @Test
    default void worksOnceTheDatabaseIsBack() throws Exception {
        var source = new BreakableSource(database());
        var store = new JdbcTokenStore(source.dataSource(), "first", format(), DeadlinePoll.ofThisThread());
        source.breakDown();
        assertThatThrownBy(store::read)
                .isInstanceOf(TokenStoreException.class)
                .hasMessage(store.place() + ": the database fails (SQL state 08001)");
        source.repair();
        store.exclusively(held -> held.write(Logins.token(1)));
        source.breakDown();
        assertThatThrownBy(() -> store.exclusively(TokenStore.Held::read))
                .isInstanceOf(TokenStoreException.class)
                .hasCauseInstanceOf(SQLException.class)
                .hasMessageNotContaining("password");
        source.repair();
        assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
    }

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
}
