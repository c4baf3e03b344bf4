package dev.warder.testkit;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Lives in the WAR of {@link ProbeWar} and tells what it sees from there. Thread-safe. */
public final class ProbeServlet extends HttpServlet {
    /** Made by the container. */
    public ProbeServlet() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().print(answer(request));
    }

    private String answer(HttpServletRequest request) throws IOException {
        var what = request.getPathInfo().substring(1);
        var name = request.getQueryString();
        return switch (what) {
            case "jndi" -> jndi(name);
            case "param" -> String.valueOf(getServletContext().getInitParameter(name));
            case "class" -> origin(name);
            case "head" -> Integer.toString(request.getHeader(name).length());
            default -> what;
        };
    }

    @SuppressWarnings("BanJNDI") // The names come from the test.
    private static String jndi(String name) {
        try {
            return "found " + new InitialContext().lookup("java:comp/env/" + name);
        } catch (NamingException missing) {
            return "missing";
        }
    }

    private static String origin(String name) {
        try {
            var loader = Class.forName(name).getClassLoader();
            return loader == ProbeServlet.class.getClassLoader() ? "own" : "container";
        } catch (ClassNotFoundException hidden) {
            return "hidden";
        }
    }
}
