package journal

import (
	"context"
	"io"
)

// Folder is a journal's folder, for who is to read in it and need not know where it is.
type Folder string

// Search is [Search] in the folder.
func (f Folder) Search(ctx context.Context, q Query, yield func(Event) bool) error {
	return Search(ctx, string(f), q, yield)
}

// Export is [Export] from the folder.
func (f Folder) Export(ctx context.Context, w io.Writer, q Query, format Format) (events int, err error) {
	return Export(ctx, w, string(f), q, format)
}
