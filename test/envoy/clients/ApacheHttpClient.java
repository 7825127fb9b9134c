import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import java.net.URI;

/** Asks by Apache HttpClient as it comes. Each argument is METHOD HOST PORT, each line of output STATUS BODY. */
class ApacheHttpClient {
  public static void main(String[] args) throws Exception {
    try (var client = HttpClients.createDefault()) {
      for (var asked : args) {
        var words = asked.split(" ");
        var request = new HttpUriRequestBase(words[0], URI.create("http://" + words[1] + "/"));
        if (words[0].equals("POST")) request.setEntity(new StringEntity("hello"));
        var address = new HttpHost("http", "127.0.0.1", Integer.parseInt(words[2]));
        System.out.println(client.execute(address, request, ApacheHttpClient::line));
      }
    }
  }

  static String line(ClassicHttpResponse response) throws java.io.IOException, org.apache.hc.core5.http.ParseException {
    return response.getCode() + " " + EntityUtils.toString(response.getEntity());
  }
}
