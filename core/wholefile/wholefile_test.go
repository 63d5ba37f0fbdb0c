package wholefile_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/wholefile"
)

// The test's own program can be started to write a file and hang in the middle of it.
const hangVariable = "PARTNERDESK_WHOLEFILE_HANGS"

func TestMain(m *testing.M) {
	name := os.Getenv(hangVariable)
	if name == "" {
		os.Exit(m.Run())
	}
	f := wholefile.File{Name: name, Op: "write", What: "%s was not written."}
	_ = f.Write(func(w io.Writer) error {
		err := words("a token")(w)
		fmt.Println("half of it is written")
		time.Sleep(time.Hour)
		return err
	})
}

func TestWhatAKilledProgramLeftIsRemovedAndWhatOthersWriteIsNot(t *testing.T) {
	folder := t.TempDir()
	killed := exec.Command(os.Args[0])
	killed.Env = append(os.Environ(), hangVariable+"="+filepath.Join(folder, "killed.xml"))
	out, err := killed.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	write := func(name string, fill func(io.Writer) error) {
		t.Helper()
		f := wholefile.File{Name: filepath.Join(folder, name), Op: "write", What: "%s was not written."}
		if err := f.Write(fill); err != nil {
			t.Error(err)
		}
	}
	write("beside.xml", words("x"))
	if _, files := content(t, filepath.Join(folder, "beside.xml")); files != 2 {
		t.Errorf("%d files beside one that is being written", files)
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait() // it was killed
	write("next.xml", words("y"))
	if _, files := content(t, filepath.Join(folder, "next.xml")); files != 2 {
		t.Errorf("%d files after the next one was written", files)
	}
}

func words(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// content reads the one file of a folder, and says how many there are.
func content(t *testing.T, name string) (string, int) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text), len(entries)
}

func TestAFileIsForItsOwnerOnlyAndReplacesNone(t *testing.T) {
	f := wholefile.File{Name: filepath.Join(t.TempDir(), "a.age"), Op: "write", What: "%s was not written.", Taken: "Choose another name."}
	if err := f.Write(words("first")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(f.Name)
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	err = f.Write(words("second"))
	if e := tenant.Explain(err); !errors.Is(err, fs.ErrExist) || e.Cause != tenant.CauseInput || e.Next != "Choose another name." {
		t.Errorf("a second time: %v", err)
	}
	if text, files := content(t, f.Name); text != "first" || files != 1 {
		t.Errorf("%q, and %d files", text, files)
	}
	f.Force = true
	if err := f.Write(words("third")); err != nil {
		t.Error(err)
	}
	if text, _ := content(t, f.Name); text != "third" {
		t.Errorf("with force it holds %q", text)
	}
}

func TestAFileThatIsNotWholeIsNotThere(t *testing.T) {
	f := wholefile.File{Name: filepath.Join(t.TempDir(), "a.age"), Op: "write", What: "%s was not written."}
	broken := errors.New("the source broke off")
	err := f.Write(func(w io.Writer) error { return errors.Join(words("half")(w), broken) })
	if _, files := content(t, f.Name); !errors.Is(err, broken) || files != 0 {
		t.Errorf("%v, and %d files are left", err, files)
	}
	f.Name = filepath.Join(filepath.Dir(f.Name), "no such folder", "a.age")
	if e := tenant.Explain(f.Write(words("x"))); e.Cause != tenant.CauseFiles {
		t.Errorf("without a folder: %+v", e)
	}
}
