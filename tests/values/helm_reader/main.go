// Reads files as Helm does and prints them as JSON, so that a test can compare. A request is a line with the number of
// bytes and then the bytes; the answer is one line of JSON, or a line that begins with "error".
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	for {
		var size int
		if _, err := fmt.Fscanf(in, "%d\n", &size); err != nil {
			return
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(in, data); err != nil {
			return
		}
		json, err := yaml.YAMLToJSON(data)
		if err != nil {
			fmt.Fprintf(out, "error %q\n", err.Error())
		} else {
			fmt.Fprintf(out, "%s\n", json)
		}
		out.Flush()
	}
}
