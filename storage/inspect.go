package storage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// inspectFile looks through all pages that belong to tx before bbolt follows them. bbolt trusts what it
// reads: a page that leads back to itself overflows its stack, which no recover stops, and a free list
// that names a used page lets the next write destroy it.
//
// The format is bbolt's version 2: pages in the machine's byte order, each with a header of 16 bytes (id,
// flags, count, overflow), after the header the elements of 16 bytes, whose positions count from
// themselves, and after the elements their keys and values without a gap. The first two pages are the meta
// pages, which transactions write in turn.
func inspectFile(path string, tx *bolt.Tx) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := tx.DB().Info().PageSize
	i := &inspector{file: f, pageSize: uint64(size), filePages: uint64(info.Size()) / uint64(size), used: map[uint64]bool{}}
	return i.inspect(uint64(tx.ID()))
}

const (
	headerSize  = 16
	elementSize = 16
	bucketSize  = 16
	metaSize    = 64 // the sum of the rest is its last 8 bytes

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagFreelist = 0x10

	elementIsBucket = 0x01

	// maxDepth is far deeper than a tree of any file that fits on a disk.
	maxDepth = 64
	// noFreelist stands for a free list that was not written.
	noFreelist = ^uint64(0)
)

type inspector struct {
	file      io.ReaderAt
	pageSize  uint64
	filePages uint64
	// end is the first page number that the file's content does not reach.
	end  uint64
	used map[uint64]bool
}

// page is a page with its overflow, read and checked.
type page struct {
	id    uint64
	flags uint16
	count int
	bytes []byte
}

// inspect begins at the meta page that bbolt has chosen: transactions write them in turn.
func (i *inspector) inspect(transaction uint64) error {
	meta, err := i.meta(transaction % 2)
	if err != nil {
		return err
	}
	// Where one of the two does not hold together, bbolt goes by the other, which may be older: that would undo
	// the last transaction without a word. Both are good after every commit, even one that was cut off: a meta
	// page changes within one sector.
	if _, err := i.meta(1 - transaction%2); err != nil {
		return err
	}
	order := binary.NativeEndian
	root, freelist, end := order.Uint64(meta[16:]), order.Uint64(meta[32:]), order.Uint64(meta[40:])
	if end > i.filePages {
		return fmt.Errorf("the file has %d pages, and should have %d", i.filePages, end)
	}
	i.end = end
	i.used[0], i.used[1] = true, true
	if err := i.tree(root, 0, &walk{}); err != nil {
		return err
	}
	if freelist == noFreelist {
		return nil
	}
	return i.freelist(freelist)
}

// meta reads one of the two meta pages and returns what follows its header, with a sum that fits.
func (i *inspector) meta(id uint64) ([]byte, error) {
	raw := make([]byte, headerSize+metaSize)
	if _, err := i.file.ReadAt(raw, int64(id*i.pageSize)); err != nil {
		return nil, fmt.Errorf("read meta page %d: %w", id, err)
	}
	meta := raw[headerSize:]
	sum := fnv.New64a()
	_, _ = sum.Write(meta[:metaSize-8]) // never fails
	if binary.NativeEndian.Uint64(meta[metaSize-8:]) != sum.Sum64() {
		return nil, fmt.Errorf("the checksum of meta page %d does not match", id)
	}
	return meta, nil
}

// read reads a page once: a second reference to the same page is damage.
func (i *inspector) read(id uint64) (page, error) {
	header := make([]byte, headerSize)
	if id >= i.end {
		return page{}, fmt.Errorf("page %d lies behind the end", id)
	}
	if _, err := i.file.ReadAt(header, int64(id*i.pageSize)); err != nil {
		return page{}, fmt.Errorf("read page %d: %w", id, err)
	}
	order := binary.NativeEndian
	if named := order.Uint64(header); named != id {
		return page{}, fmt.Errorf("page %d calls itself %d", id, named)
	}
	pages := uint64(order.Uint32(header[12:])) + 1
	if pages > i.end-id {
		return page{}, fmt.Errorf("page %d reaches behind the end", id)
	}
	for p := id; p < id+pages; p++ {
		if i.used[p] {
			return page{}, fmt.Errorf("page %d is used twice", p)
		}
		i.used[p] = true
	}
	whole := make([]byte, pages*i.pageSize)
	if _, err := i.file.ReadAt(whole, int64(id*i.pageSize)); err != nil {
		return page{}, fmt.Errorf("read page %d: %w", id, err)
	}
	return page{id, order.Uint16(header[8:]), int(order.Uint16(header[10:])), whole}, nil
}

// walk is what the keys of one bucket, read in order, must fulfil.
type walk struct {
	last []byte // nil before the first key
	// least is the key by which the parent finds the page: no key of the page may come before it.
	least []byte
}

func (w *walk) check(key []byte, id uint64) error {
	if w.last != nil && bytes.Compare(key, w.last) <= 0 || bytes.Compare(key, w.least) < 0 {
		return fmt.Errorf("page %d: the keys are out of order", id)
	}
	return nil
}

func (i *inspector) tree(id uint64, depth int, w *walk) error {
	if depth > maxDepth {
		return errors.New("the tree is too deep")
	}
	p, err := i.read(id)
	if err != nil {
		return err
	}
	switch p.flags {
	case flagBranch:
		return i.branch(p, depth, w)
	case flagLeaf:
		return i.leaf(p, depth, w)
	}
	return fmt.Errorf("page %d has the unexpected type %#x", id, p.flags)
}

func (i *inspector) branch(p page, depth int, w *walk) error {
	if p.count == 0 {
		return fmt.Errorf("page %d: a branch without children", p.id)
	}
	order := binary.NativeEndian
	data := p.data()
	for n := range p.count {
		e, err := p.element(n)
		if err != nil {
			return err
		}
		key, err := data.next(n, order.Uint32(e), uint64(order.Uint32(e[4:])))
		if err != nil {
			return err
		}
		if err := w.check(key, p.id); err != nil {
			return err
		}
		child := &walk{last: w.last, least: key}
		if err := i.tree(order.Uint64(e[8:]), depth+1, child); err != nil {
			return err
		}
		w.last = child.last
	}
	return nil
}

func (i *inspector) leaf(p page, depth int, w *walk) error {
	order := binary.NativeEndian
	data := p.data()
	for n := range p.count {
		e, err := p.element(n)
		if err != nil {
			return err
		}
		flags, keySize, valueSize := order.Uint32(e), uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
		both, err := data.next(n, order.Uint32(e[4:]), keySize+valueSize)
		if err != nil {
			return err
		}
		if err := w.check(both[:keySize], p.id); err != nil {
			return err
		}
		w.last = both[:keySize]
		if flags&elementIsBucket != 0 {
			if err := i.bucket(p.id, both[keySize:], depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// bucket follows a bucket to its root page, or into the value where a small one lies.
func (i *inspector) bucket(parent uint64, value []byte, depth int) error {
	if len(value) < bucketSize {
		return fmt.Errorf("page %d: a bucket is cut short", parent)
	}
	order := binary.NativeEndian
	if root := order.Uint64(value); root != 0 {
		return i.tree(root, depth+1, &walk{})
	}
	inline := value[bucketSize:]
	if len(inline) < headerSize {
		return fmt.Errorf("page %d: a bucket is cut short", parent)
	}
	p := page{parent, order.Uint16(inline[8:]), int(order.Uint16(inline[10:])), inline}
	if p.flags != flagLeaf || order.Uint64(inline) != 0 {
		return fmt.Errorf("page %d: a bucket has the unexpected type %#x", parent, p.flags)
	}
	return i.leaf(p, depth+1, &walk{})
}

func (p page) element(n int) ([]byte, error) {
	at := headerSize + n*elementSize
	if at+elementSize > len(p.bytes) {
		return nil, fmt.Errorf("page %d: too many elements", p.id)
	}
	return p.bytes[at : at+elementSize], nil
}

// elementData goes through the keys and values of a page. That they lie without a gap is what gives away
// a count that is too small, which would lose records without a trace.
type elementData struct {
	page page
	at   uint64
}

func (p page) data() *elementData {
	return &elementData{page: p, at: uint64(headerSize + p.count*elementSize)}
}

// next returns what the element n points to: size bytes at pos, counted from the element.
func (d *elementData) next(n int, pos uint32, size uint64) ([]byte, error) {
	begin := uint64(headerSize+n*elementSize) + uint64(pos)
	if begin != d.at || begin+size > uint64(len(d.page.bytes)) {
		return nil, fmt.Errorf("page %d: an element lies outside its place", d.page.id)
	}
	d.at = begin + size
	return d.page.bytes[begin:d.at], nil
}

// freelist checks that no free page is used, and none is free twice.
func (i *inspector) freelist(id uint64) error {
	p, err := i.read(id)
	if err != nil {
		return err
	}
	if p.flags != flagFreelist {
		return fmt.Errorf("page %d is not the free list", id)
	}
	order := binary.NativeEndian
	count, ids := uint64(p.count), p.bytes[headerSize:]
	if p.count == 0xFFFF { // too many for the header: the first entry is the count
		count, ids = order.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids)/8) {
		return fmt.Errorf("page %d: the free list is cut short", id)
	}
	for n := range count {
		free := order.Uint64(ids[n*8:])
		if free >= i.end || i.used[free] {
			return fmt.Errorf("page %d: the free list names page %d, which is not free", id, free)
		}
		i.used[free] = true
	}
	return nil
}
