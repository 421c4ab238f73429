"use client";

import { useState } from "react";
import { useHydrated } from "@/components/admin/kit/use-hydrated";

/** Width of a common phone, in CSS pixels. */
const PHONE_WIDTH = 390;

/** The page as it would be published: beside a link, with JavaScript in two frames. */
export function Preview({ address, language }: { address: string; language: string }) {
  const hydrated = useHydrated();
  const [shown, setShown] = useState(0);
  return (
    <section aria-labelledby="preview-title">
      <h2 id="preview-title">Preview</h2>
      <p>
        <a href={address} target="_blank" rel="noreferrer">
          The page in {language}, from the saved draft
        </a>{" "}
        (opens in a new tab). Figures are those that are published. The form takes no signature there.
      </p>
      {hydrated ? (
        <>
          <p>
            <button type="button" className="quiet" onClick={() => setShown(shown + 1)}>
              {shown === 0 ? "Show it here" : "Show it again as it is saved now"}
            </button>
          </p>
          {shown === 0 ? null : (
            <div className="frames" key={shown}>
              <iframe title={`On a phone, in ${language}`} src={address} width={PHONE_WIDTH} height={700} />
              <iframe
                title={`On a wide screen, in ${language}`}
                src={address}
                height={700}
                className="wide"
              />
            </div>
          )}
        </>
      ) : null}
    </section>
  );
}
