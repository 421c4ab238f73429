"use client";

import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

type QuestionDialogProps = { title: string; onClose: () => void; children: ReactNode };

/**
 * A question before something is done, over the page. Keeps the focus inside, closes on Escape, and gives the
 * focus back (ARIA Authoring Practices, alert dialog).
 */
export function QuestionDialog({ title, onClose, children }: QuestionDialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal className="desk modal">
        <Dialog role="alertdialog" aria-label={title}>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
